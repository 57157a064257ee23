import type { ReportRow } from '../../src/report/row';
import { nameOf } from '../words';
import { type CellContext, columns, Name } from './columns';
import { mostPrinted } from './window';

/** Shows the rows that the filter lets pass, for paper: all of them up to `mostPrinted`, and a sentence about the others. */
export function PrintedRows({ rows, ...context }: CellContext & { readonly rows: readonly ReportRow[] }) {
  const shown = rows.slice(0, mostPrinted);
  return (
    <section>
      <h2>Connections</h2>
      {rows.length > shown.length && (
        <p>
          These are the first {shown.length.toLocaleString('en-US')} of {rows.length.toLocaleString('en-US')}{' '}
          connections. Narrow the filter to print others; the CSV and JSON files have all.
        </p>
      )}
      <table>
        <thead>
          <tr>
            <th scope="col">Connection</th>
            {columns.map(({ key, title }) => (
              <th key={key} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={row.connection}>
              <th scope="row">
                <Name text={nameOf(row.connection)} />
              </th>
              {columns.map(({ key, cell }) => (
                <td key={key}>{cell(row, context)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
