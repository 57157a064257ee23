import { addSeconds } from '../../base/clock';
import { describeError, isStorageError } from '../../base/errors';
import { sanitize } from '../../base/text';
import { idKey } from '../../connections/resource-id';
import type { Facts } from '../../policy/facts/facts';
import type { Policy } from '../../policy/policy';
import { buildRow } from '../../report/build-row';
import { longest } from '../../report/longest';
import { History, type HistoryAnswer } from '../../report/history';
import { inReportOrder } from '../../report/order';
import type { Report, ReportRow, ReportSource, Unread } from '../../report/row';
import { verdictsOf } from '../../report/verdicts';
import { CliError } from '../cli-host';
import type { FactsReading } from '../facts/facts-input';
import type { LedgerReader } from './report-host';

/** What the ledger says, as far as it could be read. */
export interface LedgerReading extends Pick<ReportSource, 'ledger' | 'ledgerProblem'> {
  readonly history: History;
}

/** Returns the reading of a ledger that was not read. `why` is for people. */
export function withoutLedger(why: string): LedgerReading {
  return { ledger: 'absent', ledgerProblem: why, history: new History() };
}

/**
 * Reads the whole ledger. If storage refuses or does not answer, the reading is `unreadable` and has no history: half
 * of it would show connections as never reviewed. Rows that are no records make it `partial`.
 */
export async function readLedger(reader: LedgerReader): Promise<LedgerReading> {
  const history = new History();
  const problems: string[] = [];
  let count = 0;
  try {
    for await (const item of reader.read()) {
      if (item.kind === 'record') history.add(item.record);
      else if ((count += 1) <= mostProblems) problems.push(item.problem);
    }
  } catch (error) {
    if (!isStorageError(error)) throw error;
    return { ledger: 'unreadable', ledgerProblem: describeError(error), history: new History() };
  }
  if (count === 0) return { ledger: 'read', history };
  const shown = sanitize(problems.join('; '), longest.text);
  const ledgerProblem = `${count} of its rows could not be read: ${shown}${count > mostProblems ? '; …' : ''}`;
  return { ledger: 'partial', ledgerProblem, history };
}

const mostProblems = 3;

/** What the rows of a report are made of. */
export interface Collected {
  /** The connections, with `firstSeen` for those of which it is not known. */
  readonly connections: AsyncIterable<FactsReading>;
  /** The instant that stands for an unknown `firstSeen`: the same object, or in live readings any. */
  readonly firstSeen: Date;
  /** The file that states the connections; absent: they are read from Azure, which does not know `firstSeen`. */
  readonly file: string | undefined;
  readonly ledger: LedgerReading;
  readonly policy: Policy;
  readonly now: Date;
}

/**
 * Builds the rows of a report.
 * @throws CliError with the place and the fix if the file is not an export, is cut, or names a connection twice
 */
export async function collectRows(collected: Collected): Promise<Pick<Report, 'rows' | 'unread'>> {
  const rows = new Map<string, ReportRow>();
  const unread: Unread[] = [];
  let isLastUnread = false;
  for await (const item of collected.connections) {
    isLastUnread = item.kind === 'readFailed';
    if (item.kind === 'readFailed') {
      unread.push({ id: sanitize(item.id, longest.id), problem: sanitize(item.problem, longest.text) });
      continue;
    }
    const { id } = item.facts.connection;
    const key = idKey(id);
    if (rows.has(key)) refuseTwice(collected, id);
    rows.set(key, rowOf(collected, item.facts));
  }
  if (collected.file !== undefined) {
    const isCut = isLastUnread && unread.length === 1 && rows.size > 0;
    requireExport(collected.file, { unread, isCut, isEmpty: rows.size === 0 });
  }
  return { rows: inReportOrder([...rows.values()]), unread };
}

function rowOf({ ledger, policy, now, file, firstSeen }: Collected, facts: Facts): ReportRow {
  const { connection, endpoint } = facts;
  const found = ledger.history.find({ ...pick(connection), endpoint: endpoint?.id });
  const stated =
    file !== undefined && connection.firstSeen !== firstSeen ? connection.firstSeen.toISOString() : undefined;
  const since = stated ?? found.since;
  const known = since === undefined ? firstSeen : new Date(since);
  const decided = { ...facts, connection: { ...connection, firstSeen: known } };
  return buildRow({
    facts,
    history: { ...found, since, decision: certain(found, ledger) },
    verdicts: verdictsOf(policy, decided, now),
    microsoftTenants: policy.microsoftTenants,
    now,
  });
}

function pick({ id, status }: Facts['connection']): { readonly connection: string; readonly status: string } {
  return { connection: id, status };
}

/** No record in a ledger that was not read completely proves nothing. */
function certain({ decision }: HistoryAnswer, { ledger }: LedgerReading): HistoryAnswer['decision'] {
  const isProof = ledger === 'read' || (decision.source !== 'none' && decision.source !== 'elsewhere');
  return isProof ? decision : { source: 'unknown' };
}

function refuseTwice({ file }: Collected, id: string): void {
  // In Azure, a connection that was deleted and made again while the tool read may come twice: the later one counts.
  if (file === undefined) return;
  throw new CliError(`${file} has one connection twice: ${id}\n  fix: remove the older line`);
}

const howToExport =
  'pass a whole file that `postern export` has written, or a list of connections as ARM, az or Az PowerShell print it';
/** How many places are shown: of a file that is no export, the first ones say enough. */
const mostShown = { ofExport: 10, ofOther: 3 } as const;

function requireExport(
  file: string,
  {
    unread,
    isCut,
    isEmpty,
  }: { readonly unread: readonly Unread[]; readonly isCut: boolean; readonly isEmpty: boolean },
): void {
  if (unread.length === 0 && !isEmpty) return;
  if (unread.length === 0) throw new CliError(`${file} has no connection\n  fix: ${howToExport}`);
  const fix = isCut
    ? 'the file seems to be cut: export it again'
    : isEmpty
      ? howToExport
      : 'correct these places, or export the connections again';
  const most = isEmpty ? mostShown.ofOther : mostShown.ofExport;
  const shown = unread.slice(0, most).map(({ id, problem }) => `${placeIn(file, id)}: ${problem}`);
  const rest = unread.length > most ? [`and ${unread.length - most} more places`] : [];
  throw new CliError([...shown, ...rest, `  fix: ${fix}`].join('\n'));
}

function placeIn(file: string, id: string): string {
  return id === 'the file' ? file : `${file}, ${id}`;
}

/** Returns the instant that stands for an unknown `firstSeen`, an own object. */
export function unknownFirstSeen(instant: Date): Date {
  return addSeconds(instant, 0);
}
