import type { ComponentChildren, TargetedInputEvent } from 'preact';
import { lengthOf, reasonLength } from './check';

interface FieldProps<T> {
  readonly problem: string | undefined;
  readonly onChange: (value: T) => void;
}

/** Shows the field for the reason, which has the focus when the dialog opens. */
export function ReasonField({
  value,
  pattern,
  problem,
  onChange,
}: FieldProps<string> & { readonly value: string; readonly pattern: string | undefined }) {
  const length = lengthOf(value.trim());
  return (
    <Labeled name="reason" label="Reason" problem={problem}>
      <textarea
        id="reason"
        rows={4}
        autofocus
        required
        value={value}
        aria-invalid={problem !== undefined}
        aria-describedby="reason-hint reason-problem"
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
      <span id="reason-hint" class="note">
        {length} of {reasonLength.least} to {reasonLength.most} characters. Everybody who may use the console
        or read the ledger sees it.
        {pattern !== undefined && (
          <>
            {' '}
            It must contain <code>{pattern}</code>.
          </>
        )}
      </span>
    </Labeled>
  );
}

/** Shows a field of one line. */
export function TextField({
  name,
  label,
  hint,
  type = 'text',
  value,
  problem,
  onChange,
}: FieldProps<string> & {
  readonly name: 'ticket' | 'until';
  readonly label: string;
  readonly hint?: string;
  readonly type?: 'text' | 'datetime-local';
  readonly value: string;
}) {
  const shared = {
    id: name,
    value,
    autocomplete: 'off',
    'aria-invalid': problem !== undefined,
    'aria-describedby': `${name}-hint ${name}-problem`,
    onInput: ({ currentTarget }: TargetedInputEvent<HTMLInputElement>) => onChange(currentTarget.value),
  };
  return (
    <Labeled name={name} label={label} problem={problem}>
      {type === 'text' ? <input type="text" {...shared} /> : <input type="datetime-local" {...shared} />}
      <span id={`${name}-hint`} class="note">
        {hint}
      </span>
    </Labeled>
  );
}

/** Shows a box to check before something that cannot be undone. */
export function Confirmation({
  label,
  isChecked,
  problem,
  onChange,
}: FieldProps<boolean> & { readonly label: string; readonly isChecked: boolean }) {
  return (
    <p class="field">
      <label class="check">
        <input
          type="checkbox"
          checked={isChecked}
          aria-invalid={problem !== undefined}
          aria-describedby="confirm-problem"
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />{' '}
        {label}
      </label>
      <span id="confirm-problem" class="problem">
        {problem}
      </span>
    </p>
  );
}

function Labeled({
  name,
  label,
  problem,
  children,
}: {
  readonly name: string;
  readonly label: string;
  readonly problem: string | undefined;
  readonly children: ComponentChildren;
}) {
  return (
    <p class="field">
      <label for={name}>{label}</label>
      {children}
      <span id={`${name}-problem`} class="problem">
        {problem}
      </span>
    </p>
  );
}
