import type { RequestRecord } from '../../azure';
import { expectedEffectIn } from '../plan/expected-answers';
import { isAnswered } from './answers';
import {
  groupById,
  takenWrites,
  type Evidence,
  type Subject,
  type TakenWrite,
  type Violation,
} from './evidence';
import { endsAtEarliestMs, idsOf, staysOf, type Stay } from './story';

/**
 * Checks each write against the status that the connection had when the write arrived. ARM has no conditional
 * writes here, so another principal may act between Postern's reading and its write. A write is therefore
 * also correct if policy wanted it in any status since the last reading, as long as that reading was not
 * older than `freshMs`. `raced` is the number of such writes.
 */
export function checkUnwantedWrites(evidence: Evidence): {
  readonly violations: readonly Violation[];
  readonly raced: number;
} {
  const subjects = new Map(
    evidence.subjects.flatMap((each) => idsOf(each).map((id) => [id.toLowerCase(), each] as const)),
  );
  const allStays = staysOf(evidence.history);
  const readings = groupById(
    evidence.requests.filter((each) => isReading(evidence, each)),
    ({ target }) => target,
  );
  const violations: Violation[] = [];
  let raced = 0;
  for (const write of takenWrites(evidence)) {
    const subject = subjects.get(write.connection.toLowerCase());
    const stays = allStays.get(write.connection.toLowerCase()) ?? [];
    const isWanted = (stay: Stay): boolean =>
      subject !== undefined &&
      (wants(evidence, { subject, write, stays, stay }) || isAnswered(evidence, { subject, write, stay }));
    if (isWanted(stayAt(stays, write))) continue;
    const reading = lastReading(readings.get((write.target ?? '').toLowerCase()) ?? [], write);
    if (staysSince(reading, stays, write).some(isWanted)) raced += 1;
    else violations.push(violation(evidence, write, { subject, stays }));
  }
  return { violations, raced };
}

/**
 * The maximum age of a reading that justifies a write. The app itself does not write on a reading older than
 * 20 s.
 */
const freshMs = 45_000;

function isReading({ postern }: Evidence, { method, path, principal, status }: RequestRecord): boolean {
  return (
    method === 'GET' &&
    principal === postern &&
    status === 200 &&
    /\/privateEndpointConnections(\?|$)/i.test(path)
  );
}

interface Question {
  readonly subject: Subject;
  readonly write: TakenWrite;
  readonly stays: readonly Stay[];
  readonly stay: Stay;
}

function wants(evidence: Evidence, { subject, write, stays, stay }: Question): boolean {
  const expected = expectedEffectIn(subject.expectedEffects, stay.status);
  if (expected === 'once')
    return write.tookEffect === 'approve' && !wasApprovedBefore(evidence, subject, write);
  if (expected === 'proven' || expected === 'maybe') return write.tookEffect === 'approve';
  if (expected === 'ours')
    return write.tookEffect === 'approve' && write.startedRealMs < (evidence.movedMs ?? Infinity) + tenantMs;
  if (expected !== 'end') return expected === write.tookEffect;
  const endsAtMs = endsAtEarliestMs(evidence, subject, stays, stay);
  return write.tookEffect === 'delete' && endsAtMs !== undefined && endsAtMs <= write.startedRealMs;
}

/**
 * How long an approval may go by the old tenant of a subscription: the age of what it knows, which the build for
 * this run shortens to 15 s, and that of its reading.
 */
const tenantMs = 15_000 + freshMs;

/** Tells whether Postern knew, before it wrote, that it had approved the endpoint already. */
function wasApprovedBefore(evidence: Evidence, subject: Subject, { startedRealMs }: TakenWrite): boolean {
  const ids = new Set(idsOf(subject).map((id) => id.toLowerCase()));
  return evidence.ledger.some(
    ({ record: { kind, effect, connection }, storedMs }) =>
      kind === 'applied' &&
      effect === 'approve' &&
      ids.has((connection ?? '').toLowerCase()) &&
      storedMs < startedRealMs,
  );
}

/** Returns the stay at the time of the write, with the status that the local Azure logged. */
function stayAt(stays: readonly Stay[], { startedRealMs, statusBefore = '', connection }: TakenWrite): Stay {
  const known = stays
    .filter(({ fromMs, status }) => fromMs <= startedRealMs && status === statusBefore)
    .at(-1);
  return (
    known ?? { connectionId: connection, status: statusBefore, by: undefined, fromMs: 0, untilMs: Infinity }
  );
}

function lastReading(readings: readonly RequestRecord[], write: TakenWrite): RequestRecord | undefined {
  return readings.filter(({ endedRealMs }) => (endedRealMs ?? Infinity) <= write.startedRealMs).at(-1);
}

/** Returns the stays since the reading, without the one that the write itself caused. */
function staysSince(
  reading: RequestRecord | undefined,
  stays: readonly Stay[],
  write: TakenWrite,
): readonly Stay[] {
  if (reading === undefined || reading.startedRealMs < write.startedRealMs - freshMs) return [];
  return stays.filter(
    ({ fromMs, untilMs }) => fromMs < write.startedRealMs && reading.startedRealMs < untilMs,
  );
}

function violation(
  { postern }: Evidence,
  write: TakenWrite,
  { subject, stays }: { readonly subject: Subject | undefined; readonly stays: readonly Stay[] },
): Violation {
  const last = stays.filter(({ fromMs, by }) => fromMs < write.startedRealMs && by !== undefined).at(-1);
  const isForeign = last !== undefined && last.by !== postern && last.status === write.statusBefore;
  return {
    rule: isForeign ? 'overrode-somebody' : 'unwanted-write',
    what: `${subject?.label ?? write.connection}: ${write.tookEffect} while it was ${write.statusBefore} (request ${write.sequence})`,
  };
}
