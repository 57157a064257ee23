import { addSeconds, isFromTheFuture, secondsUntil } from '../clock';
import { isSettled, type Connection } from '../connections/connection';
import type { Fence, TargetDetails } from '../connections/connection-store';
import type { TargetId } from '../connections/resource-id';
import { targetProfiles } from '../connections/target-type';
import { PosternError } from '../errors';
import { carryOut, type CarryOut, type Planned } from '../operations/carry-out';
import type { Sighting } from '../operations/operation';
import { backoffSeconds } from '../operations/retry';
import { createLimitGuard } from './limit-guard';
import type { ReviewPlan } from './plan-review';
import { again, type Again, type ReviewJob, type ReviewTargetOptions } from './review-job';

export interface Writing {
  readonly plan: ReviewPlan;
  readonly rows: ReadonlyMap<string, Sighting>;
  readonly details: TargetDetails | undefined;
  /** The monotonic clock's reading before the connections and the facts were read. */
  readonly readAtMs: number;
  /** What ARM asked for where it did not let a fact be read. */
  readonly retryAfterSeconds: number | undefined;
}

/** A connection that was read longer ago is read again before it is written to, and no write leaves past it. */
const freshMs = 20_000;

/** Facts that are older are all read again: no write leans on them. */
const longestReviewMs = 10 * 60_000;

/** Carries a durable plan out: one write at a time, none past a limit, none on the strength of an old reading. */
export async function writePlan(
  options: ReviewTargetOptions,
  job: ReviewJob,
  writing: Writing,
): Promise<Again | undefined> {
  const { plan, details } = writing;
  const unsettled = plan.unsettled ? again('unsettled', writing.retryAfterSeconds) : undefined;
  if (plan.running) return unsettled;
  if (plan.writes.length > 0 && isLocked(job.target, details)) return again('locked');
  const guard = await createLimitGuard(options, job, plan.writes);
  for (const planned of plan.writes) {
    const now = options.clock.now();
    if (options.clock.monotonicMs() - writing.readAtMs > longestReviewMs) return again('next in line');
    const early = secondsUntil(now, new Date(planned.operation.dueAt ?? 0));
    if (early > 0 && !isFromTheFuture(planned.operation.plannedAt, now)) return again('patience', early);
    const readAtMs = await readingFor(options, planned, writing);
    if (readAtMs === undefined) return again('next in line');
    const admitted = await guard.admit(current(planned, writing.rows));
    if (admitted === undefined) continue;
    const result = await carryOut(options, admitted, fenceFrom(options, job, readAtMs));
    if (result.kind === 'running') return unsettled;
    if (result.kind === 'lost') return again('patience');
    if (result.kind === 'later') return postpone(options, job, result);
  }
  return unsettled;
}

/** When the connection was last read as it was decided; `undefined` when it has changed since. */
async function readingFor(
  { connections, clock }: ReviewTargetOptions,
  { connection }: Planned,
  { readAtMs }: Writing,
): Promise<number | undefined> {
  const nowMs = clock.monotonicMs();
  if (nowMs - readAtMs <= freshMs) return readAtMs;
  const seen = await connections.get(connection.id);
  return seen !== undefined && isSame(seen, connection) ? nowMs : undefined;
}

/** In all that a decision leans on. */
function isSame(one: Connection, other: Connection): boolean {
  return (
    one.status === other.status &&
    one.message === other.message &&
    one.endpointText === other.endpointText &&
    one.provisioningState === other.provisioningState &&
    hasSameGroups(one.groupIds, other.groupIds)
  );
}

/** Not every reply names them. */
function hasSameGroups(some: readonly string[], others: readonly string[]): boolean {
  return some.length === 0 || others.length === 0 || some.join('\n') === others.join('\n');
}

/** Asked right before the bytes leave: between the reading and them, storage and tokens may have taken their time. */
function fenceFrom({ clock }: ReviewTargetOptions, { fence }: ReviewJob, readAtMs: number): Fence {
  return () => {
    fence();
    const ageMs = clock.monotonicMs() - readAtMs;
    if (ageMs <= freshMs) return;
    throw new PosternError('READING_STALE', `the connection was read ${Math.ceil(ageMs / 1000)} s ago`);
  };
}

/** As stored, and told of. */
function current(planned: Planned, rows: ReadonlyMap<string, Sighting>): Planned {
  const sighting = rows.get(planned.connection.id.key) ?? planned.sighting;
  return { ...planned, sighting, operation: sighting.operation ?? planned.operation };
}

/** Until then no review sends the write again, however many hints come. */
async function postpone(
  options: ReviewTargetOptions,
  job: ReviewJob,
  { sighting, retryAfterSeconds, problem }: Extract<CarryOut, { kind: 'later' }>,
): Promise<Again> {
  const base = options.pollFloorSeconds ?? targetProfiles[job.target.type].pollFloorSeconds;
  const wait = retryAfterSeconds ?? backoffSeconds(job.request.attempt, base, longestBackoffSeconds);
  options.logger.info(`The write must wait ${wait} s. ${problem}`);
  const dueAt = addSeconds(options.clock.now(), wait).toISOString();
  await options.operations.save(job.target, [{ ...sighting, operation: { ...sighting.operation, dueAt } }]);
  return again('patience', wait);
}

const longestBackoffSeconds = 5 * 60;

/** An API Management service that is changing refuses every write; asking it would only cost a call. */
function isLocked(target: TargetId, details: TargetDetails | undefined): boolean {
  return targetProfiles[target.type].locksTarget && details !== undefined && !isSettled(details);
}
