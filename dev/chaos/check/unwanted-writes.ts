import type { RequestRecord } from '../../azure';
import type { HistoryEntry } from '../witness';
import { wishIn } from '../wishes';
import {
  groupById,
  takenWrites,
  type Evidence,
  type Subject,
  type TakenWrite,
  type Violation,
} from './evidence';

/**
 * Every write is judged by the status that the connection had when the write reached it. ARM has no conditional
 * writes here, so between the reading and the write somebody else may come: a write is also in order if policy wanted
 * it in a status that the connection had since the last reading before it was asked for, as long as that reading was
 * no older than `freshMs`. `raced` tells how many writes needed that.
 */
export function checkUnwantedWrites(evidence: Evidence): {
  readonly violations: readonly Violation[];
  readonly raced: number;
} {
  const subjects = new Map(evidence.subjects.map((each) => [each.connectionId?.toLowerCase(), each]));
  const histories = groupById(evidence.history, ({ connectionId }) => connectionId);
  const readings = groupById(
    evidence.requests.filter((each) => isReading(evidence, each)),
    ({ target }) => target,
  );
  const violations: Violation[] = [];
  let raced = 0;
  for (const write of takenWrites(evidence)) {
    const subject = subjects.get(write.connection.toLowerCase());
    const history = histories.get(write.connection.toLowerCase()) ?? [];
    if (subject !== undefined && wants(subject, write, write.statusBefore)) continue;
    const seen = statusesSince(
      lastReading(readings.get((write.target ?? '').toLowerCase()) ?? [], write),
      history,
      write,
    );
    if (subject !== undefined && seen.some((status) => wants(subject, write, status))) raced += 1;
    else violations.push(violation(evidence, write, { subject, history }));
  }
  return { violations, raced };
}

/** Readings that are older are no excuse: the app itself may not write on the strength of one older than 20 s. */
const freshMs = 45_000;

function isReading({ postern }: Evidence, { method, path, principal, status }: RequestRecord): boolean {
  return (
    method === 'GET' &&
    principal === postern &&
    status === 200 &&
    /\/privateEndpointConnections(\?|$)/i.test(path)
  );
}

function wants({ wishes }: Subject, { tookEffect }: TakenWrite, status: string | undefined): boolean {
  return status !== undefined && wishIn(wishes, status) === tookEffect;
}

function lastReading(readings: readonly RequestRecord[], write: TakenWrite): RequestRecord | undefined {
  return readings.filter(({ endedRealMs }) => (endedRealMs ?? Infinity) <= write.startedRealMs).at(-1);
}

/** The statuses that the connection had from the reading on, without what came with the write itself. */
function statusesSince(
  reading: RequestRecord | undefined,
  history: readonly HistoryEntry[],
  write: TakenWrite,
): readonly string[] {
  if (reading === undefined || reading.startedRealMs < write.startedRealMs - freshMs) return [];
  const before = history.filter(({ atMs }) => atMs <= reading.startedRealMs).at(-1);
  const since = history.filter(({ atMs }) => atMs > reading.startedRealMs && atMs < write.startedRealMs);
  return [before, ...since].flatMap((entry) => entry?.status ?? []);
}

function violation(
  { postern }: Evidence,
  write: TakenWrite,
  { subject, history }: { subject: Subject | undefined; history: readonly HistoryEntry[] },
): Violation {
  const last = history.filter(({ atMs, by }) => atMs < write.startedRealMs && by !== undefined).at(-1);
  const isSomebodys = last !== undefined && last.by !== postern && last.status === write.statusBefore;
  return {
    rule: isSomebodys ? 'overrode-somebody' : 'unwanted-write',
    what: `${subject?.label ?? write.connection}: ${write.tookEffect} while it was ${write.statusBefore} (request ${write.sequence})`,
  };
}
