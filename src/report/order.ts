import { compareText, lower } from '../base/compare';
import type { ReportRow } from './row';

/** Orders rows by target, then by connection, so that two reports of one estate have the same order. */
export function inReportOrder(rows: readonly ReportRow[]): readonly ReportRow[] {
  const keyed = rows.map((row) => ({ row, key: `${lower(row.target)}\n${lower(row.connection)}` }));
  return keyed.sort((a, b) => compareText(a.key, b.key)).map(({ row }) => row);
}
