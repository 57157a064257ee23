import type { PageData } from '../../src/report/page-data';
import { Name } from '../list/columns';
import { mostPrinted } from '../list/window';
import { utc } from '../words';

/** Says what the report was made of, and what it lacks. */
export function SourceNotes({ data }: { readonly data: PageData }) {
  const { source, unread, omitted } = data;
  const { policy } = source;
  return (
    <section aria-label="What this report was made of">
      <p>
        Made {utc(source.generatedAt)} from <Name text={source.connections} />
        {policy !== undefined && (
          <>
            , with the policy <Name text={policy.path} /> ({policy.digest.slice(0, 12)}, mode {policy.mode})
          </>
        )}
        {source.ledger === 'read' ? ', and the ledger.' : '.'}
      </p>
      {source.ledger !== 'read' && (
        <p class="warning">
          {source.ledger === 'partial' ? 'The ledger was not read completely' : 'The ledger was not read'}, so
          who decided is unknown{source.ledger === 'partial' && ' for some connections'}:{' '}
          <Name text={source.ledgerProblem ?? ''} />
        </p>
      )}
      {omitted > 0 && (
        <p class="warning">
          This page lacks {omitted.toLocaleString('en-US')} connections, the last ones: it would be too long.
          The CSV and JSON files have all.
        </p>
      )}
      {unread.length > 0 && (
        <details class="warning">
          <summary>{unread.length.toLocaleString('en-US')} could not be read, and are missing here</summary>
          <ul>
            {unread.slice(0, 1_000).map(({ id, problem }, at) => (
              <li key={at}>
                <Name text={id} />: <Name text={problem} />
              </li>
            ))}
          </ul>
        </details>
      )}
      <p class="note on-screen">
        Printing shows every row that the filter lets pass, up to {mostPrinted.toLocaleString('en-US')}.
      </p>
    </section>
  );
}
