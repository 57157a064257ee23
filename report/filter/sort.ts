import type { ReportRow } from '../../src/report/row';
import { nameOf, policyText, requesterText, sourceText, tenantText } from '../words';

/** The columns by which rows can be sorted. */
export const sortColumns = [
  'target',
  'connection',
  'requester',
  'tenant',
  'status',
  'since',
  'decision',
  'policy',
  'flags',
] as const;

/** One of `sortColumns`. */
export type SortColumn = (typeof sortColumns)[number];

/** By which column rows are sorted. */
export interface Sort {
  readonly column: SortColumn;
  readonly isDescending: boolean;
}

/** The order in which a report has its rows. */
export const reportOrder: Sort = { column: 'target', isDescending: false };

/** What each column is sorted by; `undefined` comes last, in both directions. */
const keys: Readonly<Record<SortColumn, (row: ReportRow) => string | number | undefined>> = {
  target: ({ target }) => target.toLowerCase(),
  connection: ({ connection }) => nameOf(connection).toLowerCase(),
  requester: (row) => requesterText(row)?.toLowerCase(),
  tenant: (row) => tenantText(row),
  status: ({ status }) => status.toLowerCase(),
  // The longest first: what is old is what a review looks for.
  since: ({ since }) => (since === undefined ? undefined : Date.parse(since)),
  decision: ({ decision }) => sourceText(decision),
  policy: (row) => policyText(row),
  flags: ({ flags }) => (flags.length === 0 ? undefined : -flags.length),
};

/** Returns rows in the order that a column asks for; equal ones keep their order. Pure. */
export function sortedRows(rows: readonly ReportRow[], { column, isDescending }: Sort): readonly ReportRow[] {
  const keyOf = keys[column];
  const keyed = rows.map((row) => ({ row, key: keyOf(row) }));
  const direction = isDescending ? -1 : 1;
  keyed.sort(({ key: a }, { key: b }) => {
    if (a === b) return 0;
    if (a === undefined) return 1;
    if (b === undefined) return -1;
    return a < b ? -direction : direction;
  });
  return keyed.map(({ row }) => row);
}
