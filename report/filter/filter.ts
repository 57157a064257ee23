import { type Flag, flags, flagWords } from '../../src/report/flags';
import { longest } from '../../src/report/longest';
import type { ReportRow } from '../../src/report/row';

/** Which rows to show. `''` and an empty list: all. */
export interface Filter {
  readonly type: string;
  /** Subscription of the target. */
  readonly subscription: string;
  readonly status: string;
  /** Flags that a row must all have. */
  readonly flags: readonly Flag[];
  /** Words that a row must all contain, in any of its texts. */
  readonly text: string;
}

/** The filter that shows everything. */
export const noFilter: Filter = { type: '', subscription: '', status: '', flags: [], text: '' };

/** What there is to choose from, in order. */
export interface Choices {
  readonly types: readonly string[];
  readonly subscriptions: readonly string[];
  readonly statuses: readonly string[];
  /** The flags that some row has, each with the number of rows. */
  readonly flags: readonly (readonly [Flag, number])[];
}

/** Returns what occurs in rows. Pure. */
export function choicesOf(rows: readonly ReportRow[]): Choices {
  const counts = new Map<Flag, number>();
  for (const row of rows) for (const flag of row.flags) counts.set(flag, (counts.get(flag) ?? 0) + 1);
  const all = (textOf: (row: ReportRow) => string): string[] => [...new Set(rows.map(textOf))].sort();
  return {
    types: all(({ type }) => type),
    subscriptions: all(({ subscription }) => subscription),
    statuses: all(({ status }) => status),
    flags: flags.flatMap((flag) => {
      const count = counts.get(flag);
      return count === undefined ? [] : [[flag, count] as const];
    }),
  };
}

/** Returns the rows that a filter lets pass, in their order. No text is as long as a word beyond the longest one. Pure. */
export function filteredRows(rows: readonly ReportRow[], filter: Filter): readonly ReportRow[] {
  const words = filter.text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.some(({ length }) => length > longest.id)) return [];
  const tests = words.map((word) => new RegExp(word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'i'));
  if (filter === noFilter) return rows;
  return rows.filter(
    (row) =>
      (filter.type === '' || row.type === filter.type) &&
      (filter.subscription === '' || row.subscription === filter.subscription) &&
      (filter.status === '' || row.status === filter.status) &&
      filter.flags.every((flag) => row.flags.includes(flag)) &&
      tests.every((test) => textsOf(row).some((text) => text !== undefined && test.test(text))),
  );
}

/** Returns a filter in words, for paper. */
export function filterText(filter: Filter, labelOf: (type: string) => string): string {
  const { type, subscription, status, text } = filter;
  const parts = [
    type === '' ? '' : `type ${labelOf(type)}`,
    subscription === '' ? '' : `subscription ${subscription}`,
    status === '' ? '' : `status ${status}`,
    ...filter.flags.map((flag) => flagWords[flag]),
    text.trim() === '' ? '' : `containing “${text.trim()}”`,
  ];
  return parts.filter((part) => part !== '').join('; ') || 'none';
}

/** The texts of a row in which words are searched: those that identify somebody or something. */
function textsOf(row: ReportRow): readonly (string | undefined)[] {
  const { endpoint, requester, decision, policy } = row;
  return [
    row.connection,
    row.target,
    endpoint?.id,
    endpoint?.tenantId,
    requester?.id,
    requester?.subscriptionName,
    row.message,
    decision.by,
    row.status,
    ...(requester?.managementGroups ?? []),
    ...(decision.rules ?? []),
    ...(policy?.now.rules ?? []),
    ...(policy?.asRequest?.rules ?? []),
    ...row.groupIds,
  ];
}
