import { addSeconds, isFromTheFuture, secondsUntil } from '../clock';
import { isSettled } from '../connections/connection';
import type { TargetDetails } from '../connections/connection-store';
import type { TargetId } from '../connections/resource-id';
import { targetProfiles } from '../connections/target-type';
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
  readonly startedAt: Date;
}

/** A listing older than this is read again before anything is written on its strength. */
const freshSeconds = 20;

/** Carries a durable plan out: one write at a time, none past a limit, none on the strength of an old listing. */
export async function writePlan(
  options: ReviewTargetOptions,
  job: ReviewJob,
  writing: Writing,
): Promise<Again | undefined> {
  const { plan, details } = writing;
  const unsettled = plan.unsettled ? again('unsettled') : undefined;
  if (plan.running) return unsettled;
  if (plan.writes.length > 0 && isLocked(job.target, details)) return again('locked');
  const guard = await createLimitGuard(options, job, plan.writes);
  for (const planned of plan.writes) {
    const now = options.clock.now();
    if (now.getTime() - writing.startedAt.getTime() > freshSeconds * 1000) return again('next in line', 0);
    const early = secondsUntil(now, new Date(planned.operation.dueAt ?? 0));
    if (early > 0 && !isFromTheFuture(planned.operation.plannedAt, now)) return again('patience', early);
    const admitted = await guard.admit(current(planned, writing.rows));
    if (admitted === undefined) continue;
    const result = await carryOut(options, admitted, job.fence);
    if (result.kind === 'running') return unsettled;
    if (result.kind === 'lost') return again('patience');
    if (result.kind === 'later') return postpone(options, job, result);
  }
  return unsettled;
}

function current(planned: Planned, rows: ReadonlyMap<string, Sighting>): Planned {
  return { ...planned, sighting: rows.get(planned.connection.id.key) ?? planned.sighting };
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
