import { useEffect, useState } from 'preact/hooks';
import type { HistoryItem, HistoryPage } from '../../src/console/api';
import { sentenceOf } from '../api/client';
import { signersOf } from '../base/words';
import { useConsole } from '../parts/context';
import { Moment } from '../parts/moment';
import { Banner } from '../parts/screen';
import { type Column, Table } from '../waiting/table';

/** Shows the audit records of a connection, newest first. A new `version` reads them again. */
export function History({ id, version }: { readonly id: string; readonly version: string }) {
  const { api } = useConsole();
  const [items, setItems] = useState<readonly HistoryItem[]>();
  const [next, setNext] = useState<string>();
  const [error, setError] = useState<unknown>();
  const read = async (after: string | undefined): Promise<void> => {
    const query = new URLSearchParams({ id, ...(after === undefined ? {} : { after }) });
    try {
      const { value } = await api.get<HistoryPage>(`history?${query.toString()}`);
      if (value === undefined) return;
      setItems((before) => [...(after === undefined ? [] : (before ?? [])), ...value.items]);
      setNext(value.next);
      setError(undefined);
    } catch (problem) {
      setError(problem);
    }
  };
  useEffect(() => void read(undefined), [id, version]);
  return (
    <section aria-labelledby="history-heading">
      <h2 id="history-heading">History</h2>
      {error !== undefined && <Banner kind="warning">{sentenceOf(error)}</Banner>}
      {items?.length === 0 && <p class="empty">Nothing is recorded.</p>}
      {items !== undefined && items.length > 0 && (
        <Table
          caption="Records of this connection"
          columns={columns}
          rows={items}
          keyOf={({ at, kind, decisionId, attempt }) => `${at} ${kind} ${decisionId} ${attempt}`}
        />
      )}
      {next !== undefined && (
        <p>
          <button type="button" onClick={() => void read(next)}>
            Older records
          </button>
        </p>
      )}
    </section>
  );
}

/** A map, because a kind may be any word, `constructor` too. */
const kinds: ReadonlyMap<string, string> = new Map([
  ['found', 'found by the timed search'],
  ['decided', 'decided'],
  ['applied', 'done and seen in Azure'],
  ['failed', 'failed'],
  ['expired', 'timed out'],
  ['unproven', 'not proven'],
  ['superseded', 'overtaken by a change'],
  ['abandoned', 'given up'],
  ['waited', 'still waits'],
  ['limited', 'stopped by a limit'],
  ['lifted', 'limit lifted'],
  ['returned', 'retried by a person'],
  ['answered', 'answered by a person'],
  ['lapsed', 'lapsed'],
  ['withdrawn', 'answer withdrawn'],
]);

const columns: readonly Column<HistoryItem>[] = [
  { heading: 'When', cell: ({ at }) => <Moment at={at} /> },
  {
    heading: 'What',
    cell: ({ kind, effect, attempt = 1 }) => (
      <>
        {kinds.get(kind) ?? kind}
        {effect !== undefined && `: ${effect}`}
        {attempt > 1 && ` (attempt ${attempt})`}
      </>
    ),
  },
  { heading: 'Who', cell: ({ by }) => (by === undefined ? 'Postern' : <bdi>{signersOf(by)}</bdi>) },
  {
    heading: 'Why',
    cell: ({ rules = [], reason = '', error = '' }) => (
      <>
        {rules.length > 0 && <strong>{rules.join(', ')}</strong>} <bdi>{reason}</bdi> <bdi>{error}</bdi>
      </>
    ),
  },
];
