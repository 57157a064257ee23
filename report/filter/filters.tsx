import { useEffect, useRef, useState } from 'preact/hooks';
import { type Flag, flagMeanings, flagWords } from '../../src/report/flags';
import { noFilter, type Choices, type Filter } from './filter';

/** How long after the last key a search begins. */
const typingMs = 120;

/** Shows the fields that choose which rows are shown. */
export function Filters({
  filter,
  choices,
  labelOf,
  onChange,
}: {
  readonly filter: Filter;
  readonly choices: Choices;
  readonly labelOf: (type: string) => string;
  readonly onChange: (filter: Filter) => void;
}) {
  const toggle = (flag: Flag): void => {
    const isOn = filter.flags.includes(flag);
    onChange({
      ...filter,
      flags: isOn ? filter.flags.filter((each) => each !== flag) : [...filter.flags, flag],
    });
  };
  return (
    <div class="filters">
      <div class="fields">
        <Search text={filter.text} onChange={(text) => onChange({ ...filter, text })} />
        <Choice
          label="Type of target"
          value={filter.type}
          values={choices.types}
          wordOf={labelOf}
          onChange={(type) => onChange({ ...filter, type })}
        />
        <Choice
          label="Subscription of the target"
          value={filter.subscription}
          values={choices.subscriptions}
          onChange={(subscription) => onChange({ ...filter, subscription })}
        />
        <Choice
          label="Status"
          value={filter.status}
          values={choices.statuses}
          onChange={(status) => onChange({ ...filter, status })}
        />
      </div>
      {choices.flags.length > 0 && (
        <div role="group" aria-label="What to look at" class="flags">
          {choices.flags.map(([flag, count]) => (
            <button
              key={flag}
              type="button"
              aria-pressed={filter.flags.includes(flag)}
              title={flagMeanings[flag]}
              onClick={() => toggle(flag)}
            >
              {flagWords[flag]} <span class="count">{count.toLocaleString('en-US')}</span>
            </button>
          ))}
        </div>
      )}
      <button type="button" onClick={() => onChange(noFilter)} disabled={filter === noFilter}>
        Show all
      </button>
    </div>
  );
}

function Search({ text, onChange }: { readonly text: string; readonly onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  const timer = useRef(0);
  useEffect(() => setTyped(text), [text]);
  const onInput = (next: string): void => {
    setTyped(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onChange(next), typingMs);
  };
  return (
    <label>
      Search
      <input
        type="search"
        value={typed}
        maxLength={500}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </label>
  );
}

function Choice({
  label,
  value,
  values,
  wordOf = (each) => each,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly values: readonly string[];
  readonly wordOf?: (value: string) => string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">All</option>
        {values.map((each) => (
          <option key={each} value={each}>
            {wordOf(each) === '' ? '(empty)' : wordOf(each)}
          </option>
        ))}
      </select>
    </label>
  );
}
