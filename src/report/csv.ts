import { flagWords } from './flags';
import type { Report, ReportRow, ReportVerdict, Unread } from './row';

/** A column: its heading, and the cell of a row. */
type Column = readonly [name: string, cell: (row: ReportRow) => string | undefined];

const columns: readonly Column[] = [
  ['connection', ({ connection }) => connection],
  ['target', ({ target }) => target],
  ['type', ({ type }) => type],
  ['subscription', ({ subscription }) => subscription],
  ['status', ({ status }) => status],
  ['since', ({ since }) => since],
  ['endpoint', ({ endpoint }) => endpoint?.id ?? ''],
  ['endpointSubscription', ({ endpoint }) => endpoint?.subscription],
  ['endpointTenantId', ({ endpoint }) => endpoint?.tenantId],
  ['endpointTenant', ({ endpoint }) => endpoint?.tenant],
  ['requester', ({ requester }) => requester?.id],
  ['requesterType', ({ requester }) => requester?.type],
  ['requesterSubscription', ({ requester }) => requester?.subscription],
  ['requesterSubscriptionName', ({ requester }) => requester?.subscriptionName],
  ['managementGroups', ({ requester }) => requester?.managementGroups?.join(', ')],
  ['requesterProof', ({ requesterProof }) => requesterProof],
  ['groupIds', ({ groupIds }) => groupIds.join(', ')],
  ['message', ({ message }) => message],
  ['decidedBy', ({ decision }) => decision.source],
  ['decision', ({ decision }) => decision.effect],
  ['rules', ({ decision }) => decision.rules?.join(', ')],
  ['person', ({ decision }) => decision.by],
  ['decidedAt', ({ decision }) => decision.at],
  ['reason', ({ decision }) => decision.reason],
  ['policyDigest', ({ decision }) => decision.policyDigest],
  ['endsAt', ({ endsAt }) => endsAt],
  ['policyNow', ({ policy }) => verdictCell(policy?.now)],
  ['policyNowReason', ({ policy }) => policy?.now.reason],
  ['policyAsRequest', ({ policy }) => verdictCell(policy?.asRequest)],
  ['policyAsRequestReason', ({ policy }) => policy?.asRequest?.reason],
  ['flags', ({ flags }) => flags.map((flag) => flagWords[flag]).join(', ')],
];

/** The column of what could not be read, whose rows have nothing else but an id. */
const problemColumn = 'problem';

/**
 * Yields a report as CSV by RFC 4180, with a byte order mark, so that Excel reads it as UTF-8: a line per
 * connection, then a line per thing that could not be read. A cell that a spreadsheet would take for a formula
 * begins with an apostrophe.
 */
export function* csvOf({ rows, unread }: Pick<Report, 'rows' | 'unread'>): Generator<string> {
  yield `\ufeff${csvLine([...columns.map(([name]) => name), problemColumn])}`;
  for (const row of rows) yield csvLine([...columns.map(([, cell]) => cell(row) ?? ''), '']);
  for (const each of unread) yield unreadLine(each);
}

function unreadLine({ id, problem }: Unread): string {
  return csvLine([id, ...columns.slice(1).map(() => ''), problem]);
}

function verdictCell(verdict: ReportVerdict | undefined): string | undefined {
  if (verdict === undefined) return undefined;
  const rules = verdict.rules.join(', ');
  return rules === '' ? verdict.effect : `${verdict.effect} (${rules})`;
}

/** Joins cells to a line of CSV with its end. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => quoted(withoutFormulas(cell))).join(',')}\r\n`;
}

/** Signs with which a spreadsheet lets a formula begin, also in their full width. */
const signs: ReadonlySet<string | undefined> = new Set([
  '=',
  '+',
  '-',
  '@',
  '\uff1d',
  '\uff0b',
  '\uff0d',
  '\uff20',
]);
/**
 * Matches what may stand before a formula: the beginning of the text, or a sign that separates cells or lines where
 * somebody reads the file with another separator; then white space and quotes. Takes each run as a whole, so that the
 * time does not grow faster than the text.
 */
const beginnings = /(?:^|[;\t\r\n])[\s;'"]*/g;

/** Makes text inert in a spreadsheet: an apostrophe stands right before whatever could begin a formula. */
function withoutFormulas(text: string): string {
  const inert = text.replace(beginnings, (before, at: number) =>
    signs.has(text[at + before.length]) ? `${before}'` : before,
  );
  return /^[\t\r\n]/.test(inert) ? `'${inert}` : inert;
}

function quoted(cell: string): string {
  return /[",\r\n;\t]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
