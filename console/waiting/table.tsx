import type { ComponentChildren } from 'preact';

/** One column: its heading and its cell of a row. */
export interface Column<T> {
  readonly heading: string;
  readonly cell: (row: T) => ComponentChildren;
}

/** Shows a table that becomes a list of cards where the window is narrow. */
export function Table<T>({
  caption,
  columns,
  rows,
  keyOf,
  isGone = () => false,
}: {
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly isGone?: (row: T) => boolean;
}) {
  // The roles keep it a table for a screen reader when the style sheet shows cards.
  return (
    <table role="table">
      <caption class="hidden">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ heading }) => (
            <th key={heading} role="columnheader" scope="col">
              {heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row" class={isGone(row) ? 'gone' : undefined}>
            {columns.map(({ heading, cell }) => (
              <td key={heading} role="cell" data-heading={heading}>
                <div>{cell(row)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
