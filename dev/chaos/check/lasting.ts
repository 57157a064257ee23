import type { RequestRecord } from '../../azure';
import {
  groupById,
  type Evidence,
  type OperationSpan,
  type Subject,
  type Violation,
  type ViolationRule,
} from './evidence';
import { idsOf, staysOf, storyOf, expectedEffectOfStay, type Stay } from './story';

/**
 * Checks that nothing stays as it is for longer than one sweep and one operation if policy wants it changed:
 * every request is answered, no revoked connection stays Approved, and no approval outlives its end. Counts
 * reads instead of seconds, so that a slow machine causes no violation: Postern must have read the target's
 * list several times, without a lie, and done nothing although it could have written.
 */
export function checkLasting(evidence: Evidence): readonly Violation[] {
  const stays = staysOf(evidence.history);
  const targets = targetsOf(evidence);
  return evidence.subjects.flatMap((subject) =>
    idsOf(subject).flatMap((id) =>
      (stays.get(id.toLowerCase()) ?? []).flatMap((stay) =>
        lasting(evidence, subject, stay, targets.get(targetOf(id)) ?? nothing),
      ),
    ),
  );
}

/** The maximum number of successive reads without a write, if they span more than one sweep. */
const maxIdleReads = 4;

function lasting(evidence: Evidence, subject: Subject, stay: Stay, target: TargetLog): readonly Violation[] {
  const { expected, fromMs } = expectedEffectOfStay(evidence, subject, stay);
  if (['leave', 'hold', 'once', 'ours'].includes(expected) || fromMs >= stay.untilMs) return [];
  let idle: RequestRecord[] = [];
  const reads = target.reads.filter(
    ({ startedRealMs, endedRealMs }) => startedRealMs >= fromMs && (endedRealMs ?? Infinity) < stay.untilMs,
  );
  for (const [index, read] of reads.entries()) {
    const untilMs = Math.min(stay.untilMs, reads[index + 1]?.startedRealMs ?? stay.untilMs);
    const wasKept = keptFromWriting(evidence, subject, target, { fromMs: read.startedRealMs, untilMs });
    idle = wasKept ? [] : [...idle, read];
    const span = read.startedRealMs - (idle[0]?.startedRealMs ?? 0);
    if (idle.length < maxIdleReads || span <= evidence.sweepMs) continue;
    const what = `${subject.label} is ${stay.status}, and policy wants ${expected}: ${idle.length} reads in ${Math.round(span / 1000)} s without a write (request ${read.sequence}); ${storyOf(evidence, stay.connectionId)}`;
    return [{ rule: ruleOf(subject, stay), what }];
  }
  return [];
}

function ruleOf({ expectedEffects }: Subject, { status }: Stay): ViolationRule {
  if (status !== 'Approved') return 'request-not-answered';
  return expectedEffects.Approved === 'end' ? 'approval-outlived' : 'revoked-stays-approved';
}

interface Span {
  readonly fromMs: number;
  /** Infinity if the span has no end. */
  readonly untilMs: number;
}

/**
 * Returns whether Postern could not act: there was a write of any outcome, an operation of any principal, a
 * failed call, or a killed worker.
 */
function keptFromWriting(
  { killedMs }: Evidence,
  { endpointId }: Subject,
  { writes, faultedRequests, throttled, operations }: TargetLog,
  { fromMs, untilMs }: Span,
): boolean {
  const within = (atMs: number): boolean => fromMs <= atMs && atMs < untilMs;
  const isOfEndpoint = ({ path }: RequestRecord): boolean =>
    path.toLowerCase().startsWith(`${endpointId.toLowerCase()}?`);
  return (
    writes.some(({ startedRealMs }) => within(startedRealMs)) ||
    faultedRequests.some(
      (each) => within(each.startedRealMs) && (each.target !== undefined || isOfEndpoint(each)),
    ) ||
    throttled.some(({ startedRealMs }) => within(startedRealMs)) ||
    operations.some(
      ({ startedMs, endedMs }) => startedMs < untilMs && fromMs < (endedMs ?? Infinity) + settlingMs,
    ) ||
    killedMs.some((atMs) => within(atMs) || (atMs < fromMs && fromMs < atMs + revivalMs))
  );
}

/** The longest time that a target stays locked after its operation, and that a killed worker is away. */
const settlingMs = 5_000;
const revivalMs = 5_000;

interface TargetLog {
  /** Reads of the list without a lie. */
  readonly reads: readonly RequestRecord[];
  readonly writes: readonly RequestRecord[];
  /** Requests with a fault. Those for endpoints are in every target's log. */
  readonly faultedRequests: readonly RequestRecord[];
  /** ARM's 429 responses, which delay the whole subscription. */
  readonly throttled: readonly RequestRecord[];
  readonly operations: readonly OperationSpan[];
}

const nothing: TargetLog = { reads: [], writes: [], faultedRequests: [], throttled: [], operations: [] };

function targetsOf({ requests, operations, postern }: Evidence): ReadonlyMap<string, TargetLog> {
  const own = requests.filter(({ principal, area }) => principal === postern && area === 'arm');
  const aboutEndpoints = own.filter(({ target, faults }) => target === undefined && faults.length > 0);
  const throttled = groupById(
    own.filter(({ status }) => status === 429),
    ({ path }) => subscriptionOf(path),
  );
  const spans = groupById(operations, ({ targetId }) => targetId);
  const logs = new Map<string, TargetLog>();
  for (const [id, asked] of groupById(own, ({ target }) => target)) {
    logs.set(id, {
      reads: asked.filter(isTruthfulRead),
      writes: asked.filter(({ method }) => method === 'PUT' || method === 'PATCH' || method === 'DELETE'),
      faultedRequests: [...asked.filter(({ faults }) => faults.length > 0), ...aboutEndpoints],
      throttled: throttled.get(subscriptionOf(id)) ?? [],
      operations: spans.get(id) ?? [],
    });
  }
  return logs;
}

function isTruthfulRead({ method, path, status, faults }: RequestRecord): boolean {
  const isList = /\/privateEndpointConnections(\?|$)/i.test(path);
  return method === 'GET' && isList && status === 200 && faults.length === 0;
}

function subscriptionOf(path: string): string {
  return path.toLowerCase().split('/')[2] ?? '';
}

function targetOf(connectionId: string): string {
  return connectionId.toLowerCase().replace(/\/privateendpointconnections\/[^/]*$/, '');
}
