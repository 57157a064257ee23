import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ReportRow } from '../../src/report/row';
import type { Sort } from '../filter/sort';
import { nameOf } from '../words';
import { type CellContext, columns, Name } from './columns';
import { type Window, windowOf } from './window';

/** Height of a row in rem, as in style.css. */
const rowRem = 3.5;

/**
 * Shows a list of any length, of which only the rows that can be seen are on the page. Assistive technology learns
 * from `aria-rowcount` and `aria-rowindex` how long it is and where a row is.
 */
export function RowList({
  rows,
  sort,
  onSort,
  onOpen,
  ...context
}: CellContext & {
  readonly rows: readonly ReportRow[];
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly onOpen: (row: ReportRow) => void;
}) {
  const region = useRef<HTMLDivElement>(null);
  const { seen, rowHeight, onScroll } = useWindow(region, rows);
  const { start, end } = seen;
  return (
    <div
      ref={region}
      class="region"
      role="region"
      aria-labelledby="rows-title"
      tabIndex={0}
      onScroll={onScroll}
    >
      <table aria-rowcount={rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            <Heading column="connection" title="Connection" sort={sort} onSort={onSort} />
            {columns.map(({ key, title }) => (
              <Heading key={key} column={key} title={title} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <Spacer height={start * rowHeight} />
        <tbody class="rows">
          {rows.slice(start, end).map((row, at) => (
            <tr key={row.connection} aria-rowindex={start + at + 2} data-at={start + at}>
              <th scope="row">
                <button type="button" class="link" onClick={() => onOpen(row)}>
                  <Name text={nameOf(row.connection)} />
                </button>
              </th>
              {columns.map(({ key, cell }) => (
                <td key={key}>{cell(row, context)}</td>
              ))}
            </tr>
          ))}
        </tbody>
        <Spacer height={(rows.length - end) * rowHeight} />
      </table>
      {rows.length === 0 && <p class="empty">No connection fits the filter.</p>}
    </div>
  );
}

interface SeenRows {
  readonly seen: Window;
  readonly rowHeight: number;
  readonly onScroll: () => void;
}

function useWindow(
  region: { readonly current: HTMLDivElement | null },
  rows: readonly ReportRow[],
): SeenRows {
  const rowHeight = rowRem * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const [scrolled, setScrolled] = useState({ scrollTop: 0, height: 0 });
  const seen = windowOf({ ...scrolled, rowHeight, count: rows.length });
  const measure = (): void => {
    if (region.current === null) return;
    const { scrollTop, clientHeight: height } = region.current;
    const next = windowOf({ scrollTop, height, rowHeight, count: rows.length });
    if (next.start === seen.start && next.end === seen.end) return;
    keepFocus(region.current, next);
    setScrolled({ scrollTop, height });
  };
  // Another filter or order begins at the top.
  useLayoutEffect(() => {
    if (region.current !== null) region.current.scrollTop = 0;
    setScrolled({ scrollTop: 0, height: region.current?.clientHeight ?? 0 });
  }, [rows]);
  useEffect(() => {
    addEventListener('resize', measure);
    return () => removeEventListener('resize', measure);
  });
  return { seen, rowHeight, onScroll: measure };
}

/** Moves the focus from a row that leaves the page to the list, so that the keyboard keeps its place. */
function keepFocus(region: HTMLElement, { start, end }: Window): void {
  const row = document.activeElement?.closest('tr[data-at]');
  if (row === null || row === undefined || !region.contains(row)) return;
  const at = Number(row.getAttribute('data-at'));
  if (at < start || at >= end) region.focus({ preventScroll: true });
}

/** Room for the rows that are not on the page. */
function Spacer({ height }: { readonly height: number }) {
  const cell = useRef<HTMLTableCellElement>(null);
  useLayoutEffect(() => cell.current?.style.setProperty('height', `${height}px`), [height]);
  return (
    <tbody class="spacer" aria-hidden="true">
      <tr>
        <td ref={cell} colSpan={columns.length + 1} />
      </tr>
    </tbody>
  );
}

function Heading({
  column,
  title,
  sort,
  onSort,
}: {
  readonly column: Sort['column'];
  readonly title: string;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
}) {
  const isSorted = sort.column === column;
  const order = sort.isDescending ? 'descending' : 'ascending';
  return (
    <th scope="col" class={`of-${column}`} aria-sort={isSorted ? order : undefined}>
      <button type="button" onClick={() => onSort({ column, isDescending: isSorted && !sort.isDescending })}>
        {title}
        <span aria-hidden="true" class="arrow">
          {isSorted ? (sort.isDescending ? '▼' : '▲') : ''}
        </span>
      </button>
    </th>
  );
}
