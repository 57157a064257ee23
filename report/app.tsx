import { render } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { PageData } from '../src/report/page-data';
import type { ReportRow } from '../src/report/row';
import { summaryOf } from '../src/report/summary';
import { choicesOf, filteredRows, filterText, noFilter, type Filter } from './filter/filter';
import { Filters } from './filter/filters';
import { reportOrder, type Sort, sortedRows } from './filter/sort';
import { Details } from './list/details';
import { PrintedRows } from './list/printed-rows';
import { RowList } from './list/row-list';
import { SourceNotes } from './summary/source-notes';
import { Plots } from './summary/plots';

/** Shows the whole report: what it was made of, its summary, filters and rows. */
export function App({ data, rows }: { readonly data: PageData; readonly rows: readonly ReportRow[] }) {
  const now = useMemo(() => new Date(data.source.generatedAt), [data]);
  const [filter, setFilter] = useState<Filter>(noFilter);
  const [sort, setSort] = useState<Sort>(reportOrder);
  const [open, setOpen] = useState<ReportRow | undefined>(undefined);
  const choices = useMemo(() => choicesOf(rows), [rows]);
  const filtered = useMemo(() => filteredRows(rows, filter), [rows, filter]);
  const shown = useMemo(() => sortedRows(filtered, sort), [filtered, sort]);
  const summary = useMemo(() => summaryOf(filtered, now), [filtered, now]);
  const labelOf = (type: string): string =>
    (Object.hasOwn(data.labels, type) ? data.labels[type] : undefined) ?? type;
  usePrinting({ shown, now, labelOf });
  return (
    <>
      <header>
        <h1>Who can reach what</h1>
        <p class="note">A report of private endpoint connections, made by Postern</p>
      </header>
      <main>
        <SourceNotes data={data} />
        <section aria-labelledby="filters-title">
          <h2 id="filters-title">Filter</h2>
          <Filters filter={filter} choices={choices} labelOf={labelOf} onChange={setFilter} />
          <p class="on-paper">Filter: {filterText(filter, labelOf)}</p>
          <p role="status" class="counted">
            {shown.length.toLocaleString('en-US')} of {rows.length.toLocaleString('en-US')} connections,{' '}
            {summary.targets.toLocaleString('en-US')} {summary.targets === 1 ? 'target' : 'targets'}
          </p>
        </section>
        <section aria-labelledby="summary-title">
          <h2 id="summary-title">Summary of these connections</h2>
          <Plots summary={summary} labelOf={labelOf} />
        </section>
        <div class="on-screen">
          <h2 id="rows-title">Connections</h2>
          <RowList rows={shown} sort={sort} now={now} labelOf={labelOf} onSort={setSort} onOpen={setOpen} />
        </div>
      </main>
      {open !== undefined && (
        <Details row={open} now={now} labelOf={labelOf} onClose={() => setOpen(undefined)} />
      )}
    </>
  );
}

/** What is printed: not the list on the screen, which has only a few rows at a time. */
function usePrinting({
  shown,
  now,
  labelOf,
}: {
  readonly shown: readonly ReportRow[];
  readonly now: Date;
  readonly labelOf: (type: string) => string;
}): void {
  useEffect(() => {
    const root = document.querySelector('#print');
    if (root === null) return undefined;
    // The browser prints what there is when the handler returns, and render() returns when it is there.
    const onBefore = (): void => render(<PrintedRows rows={shown} now={now} labelOf={labelOf} />, root);
    const onAfter = (): void => render(null, root);
    addEventListener('beforeprint', onBefore);
    addEventListener('afterprint', onAfter);
    return () => {
      removeEventListener('beforeprint', onBefore);
      removeEventListener('afterprint', onAfter);
    };
  });
}
