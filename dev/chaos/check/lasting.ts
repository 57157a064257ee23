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
 * Nothing that policy wants changed stays as it is for longer than one sweep and one operation: no request without its answer,
 * whoever else asks on its target, no revoked connection Approved, no approval beyond its end. Counted in looks, not in
 * seconds, so that a slow machine convicts nobody: several times Postern read the target's list, was told the truth, and
 * did nothing about it, although nothing kept it from writing.
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

/** That many looks in a row without an act are too many, if they are spread over a whole sweep. */
const maxIdleReads = 4;

function lasting(evidence: Evidence, subject: Subject, stay: Stay, target: TargetLog): readonly Violation[] {
  const { expected, fromMs } = expectedEffectOfStay(evidence, subject, stay);
  if (expected === 'leave' || expected === 'hold' || fromMs >= stay.untilMs) return [];
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
    const what = `${subject.label} is ${stay.status}, and policy wants ${expected}: ${idle.length} looks in ${Math.round(span / 1000)} s, and no write (request ${read.sequence}); ${storyOf(evidence, stay.connectionId)}`;
    return [{ rule: ruleOf(expected, stay), what }];
  }
  return [];
}

function ruleOf(expected: string, { status }: Stay): ViolationRule {
  if (status !== 'Approved') return 'request-not-answered';
  return expected === 'delete' ? 'approval-outlived' : 'revoked-stays-approved';
}

interface Span {
  readonly fromMs: number;
  /** May be Infinity. */
  readonly untilMs: number;
}

/** A write of whatever outcome, an operation of anybody, trouble with a call, or a death: then nobody could have acted. */
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

/** How long a target may stay locked after its operation, and how long a killed worker is away. */
const settlingMs = 5_000;
const revivalMs = 5_000;

interface TargetLog {
  /** Lists that were read and told the truth. */
  readonly reads: readonly RequestRecord[];
  readonly writes: readonly RequestRecord[];
  /** Requests that met a fault; those about endpoints are in every target's log. */
  readonly faultedRequests: readonly RequestRecord[];
  /** ARM's 429s hold up the whole subscription. */
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
      writes: asked.filter(({ method }) => method === 'PUT' || method === 'DELETE'),
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
