import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { AnswerReply, AnswerEffect, ConnectionView } from '../../src/console/api';
import { ApiError, sentenceOf } from '../api/client';
import { useConsole } from '../parts/context';
import { Modal } from '../parts/modal';
import { Name } from '../parts/stranger';
import { type Draft, type Filled, isFinal, type Problem, requestOf } from './check';
import { dropDraft, keepDraft } from './draft';
import { Consequence, Finality, verbs } from './effect-words';
import { Confirmation, ReasonField, TextField } from './fields';

/** How an answer ended. */
export type AnswerEnd =
  | { readonly kind: 'taken'; readonly reply: AnswerReply }
  /** Not taken: the question is another one now. */
  | { readonly kind: 'stale'; readonly view: ConnectionView }
  | { readonly kind: 'canceled' };

/** Asks for the reason of an answer and sends it, bound to the view that the person looked at. */
export function AnswerDialog({
  view,
  effect,
  draft,
  onEnd,
}: {
  readonly view: ConnectionView;
  readonly effect: AnswerEffect;
  readonly draft: Draft | undefined;
  readonly onEnd: (end: AnswerEnd) => void;
}) {
  const { api, ensureToken, me, now, setTyping } = useConsole();
  const [filled, setFilled] = useState<Filled>({
    id: view.connection.id,
    effect,
    reason: draft?.reason ?? '',
    ticket: draft?.ticket ?? '',
    until: draft?.effect === effect ? draft.until : '',
    isConfirmed: false,
  });
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [failure, setFailure] = useState<string>();
  const [isSending, setSending] = useState(false);
  /** At once true, whereas the state follows with the next rendering: a double click sends one answer. */
  const underway = useRef(false);
  const form = useRef<HTMLFormElement>(null);
  const change = (changed: Partial<Filled>): void => {
    const { isConfirmed, ...typed } = { ...filled, ...changed };
    setFilled({ ...typed, isConfirmed });
    keepDraft({ ...typed, isOpen: true });
  };
  useEffect(() => {
    setTyping(true);
    return () => setTyping(false);
  }, []);
  // Before anything else can happen, so that a screen reader hears of one move only.
  useLayoutEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problems]);

  const send = async (): Promise<void> => {
    const checked = requestOf(view, filled, now());
    setFailure(undefined);
    setProblems('problems' in checked ? checked.problems : []);
    if (underway.current || 'problems' in checked || !ensureToken()) return;
    underway.current = true;
    setSending(true);
    try {
      const reply = await api.post<AnswerReply>('answer', checked.request);
      dropDraft();
      onEnd({ kind: 'taken', reply });
    } catch (error) {
      underway.current = false;
      setSending(false);
      const fresh = error instanceof ApiError && error.code === 'STALE' ? error.reply?.view : undefined;
      if (fresh !== undefined) {
        // The question is another one: only the words are kept, for an answer that begins anew.
        keepDraft({ id: filled.id, effect, reason: filled.reason, ticket: '', until: '', isOpen: false });
        onEnd({ kind: 'stale', view: fresh });
      } else if (error instanceof ApiError && error.code === 'REASON_MISSING') {
        setProblems([{ field: 'reason', message: error.message }]);
      } else setFailure(sentenceOf(error));
    }
  };
  const cancel = (): void => {
    if (isSending) return;
    dropDraft();
    onEnd({ kind: 'canceled' });
  };
  const problemOf = (field: Problem['field']): string | undefined =>
    problems.find((each) => each.field === field)?.message;
  const final = isFinal(view, effect);
  const title = `${verbs[effect]} this connection`;
  return (
    <Modal title={title} onClose={cancel}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Consequence view={view} effect={effect} />
        <Agreement view={view} />
        {final && <Finality effect={effect} />}
        <ReasonField
          value={filled.reason}
          pattern={view.reasonPattern}
          problem={problemOf('reason')}
          onChange={(reason) => change({ reason })}
        />
        <TextField
          name="ticket"
          label="Ticket (optional)"
          value={filled.ticket}
          problem={problemOf('ticket')}
          onChange={(ticket) => change({ ticket })}
        />
        {effect === 'approve' && (
          <TextField
            name="until"
            type="datetime-local"
            label="End of the approval in UTC (optional)"
            hint="Postern removes the connection then."
            value={filled.until}
            problem={problemOf('until')}
            onChange={(until) => change({ until })}
          />
        )}
        {final && (
          <Confirmation
            label="I know that this cannot be undone."
            isChecked={filled.isConfirmed}
            problem={problemOf('confirm')}
            onChange={(isConfirmed) => change({ isConfirmed })}
          />
        )}
        {failure !== undefined && (
          <p class="banner alert" role="alert">
            {failure}
          </p>
        )}
        <p class="note">
          You answer as <Name text={me.name} />. Your name, your reason and the time are recorded.
        </p>
        <p class="buttons">
          <button type="button" onClick={cancel}>
            Cancel
          </button>
          <button type="submit" class={effect === 'approve' ? 'main' : 'danger'} aria-disabled={isSending}>
            {isSending ? 'Sending …' : verbs[effect]}
          </button>
        </p>
      </form>
    </Modal>
  );
}

function Agreement({ view: { answer } }: { readonly view: ConnectionView }) {
  if (answer?.state !== 'waits for a second person') return null;
  return (
    <p>
      {answer.answers.map(({ oid, name, reason }) => (
        <span key={oid}>
          <Name text={name} /> has agreed: <q>{reason}</q>{' '}
        </span>
      ))}
      {answer.needed} people must agree.
    </p>
  );
}
