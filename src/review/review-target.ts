import { stillExpected, withExpectation, type Unmet } from './queue/expectation';
import { overdueIn, wasSeen } from './is-due';
import { planFrom, type ReviewPlan } from './plan-review';
import { readFacts } from './facts/read-facts';
import type { Again, ReviewJob, ReviewOutcome, ReviewPorts } from './review-job';
import { makeDurable } from './make-durable';
import { onlyWrite, writePlan } from './write-plan';
import type { ConnectionState } from '../operations/operation';
import type { TargetState } from '../operations/operation-store';
import type { Reading } from '../operations/poll/read-connection';
import { clockSkewMs, secondsUntil } from '../base/clock';
import { wake } from '../operations/overdue';
import { waitForEnd } from './queue/wait-for-end';

/**
 * Reviews one target under its lease: reads the connections once, decides each, makes the decisions
 * durable, then writes, one operation at a time.
 * @throws ArmError if the target cannot be read; nothing was written then.
 */
export async function reviewTarget(ports: ReviewPorts, job: ReviewJob): Promise<ReviewOutcome> {
  const state = await ports.operations.load(job.target);
  const now = ports.clock.now();
  const overdue = overdueIn(ports, state, now);
  for (const row of overdue) await wake(ports.alarm, row, job.request.traceId);
  const reading = usable(job.reading, state);
  if (reading === undefined) {
    if (wasSeen(state, job.request, now)) return { kind: 'seen' };
    if (overdue.length === 0 && (await waitForEnd(ports, { ...job, state, now }))) return { kind: 'seen' };
    job.beforeListing?.();
  }
  const readAtMs = reading?.readAtMs ?? ports.clock.monotonicMs();
  const listing = reading?.listing ?? (await ports.connections.list(job.target));
  const { connectionStates } = state;
  // Postern has never seen the target, and an event alone is not worth a row.
  if (listing === undefined && connectionStates.length === 0) return { kind: 'gone' };
  const facts = await readFacts(ports, job, { listing, connectionStates });
  const plan = planFrom(ports, job, { state, startedAt: now, listing, facts });
  reportStandby(ports, plan);
  const unmet = unmetAfter(ports, job, { state, plan, startedAt: now });
  const only = await onlyWrite(ports, job, { plan, facts, readAtMs });
  const startedAt = reading?.startedAt ?? now;
  const { rows, mark } = await makeDurable(ports, job.target, { plan, state, startedAt, unmet, only });
  const unwritten =
    listing === undefined ? undefined : await writePlan(ports, job, { plan, rows, facts, readAtMs });
  return { kind: 'read', mark, again: soonest(plan, unwritten, unmet) };
}

/**
 * Returns the listing that the request brings, unless another review of the target may have begun since it was made:
 * that one knows more.
 */
function usable(reading: Reading | undefined, { reviewedAt }: TargetState): Reading | undefined {
  if (reading === undefined || reviewedAt === undefined) return reading;
  return Date.parse(reviewedAt) < reading.startedAt.getTime() - clockSkewMs ? reading : undefined;
}

/** Logs the writes that a standby makes because the first deployment has not. */
function reportStandby({ logger, clock }: ReviewPorts, { writes }: ReviewPlan): void {
  for (const { connection, operation } of writes) {
    const since = operation.decided.standbySince;
    if (since === undefined) continue;
    const minutes = Math.floor(secondsUntil(new Date(since), clock.now()) / 60);
    logger.warn(
      `${connection.id.id}: this standby will ${operation.effect} it: nobody has for ${minutes} min, since ${since}`,
    );
  }
}

/** Returns the earliest of the next reviews. */
function soonest(plan: ReviewPlan, unwritten: Again | undefined, unmet: Unmet): Again | undefined {
  const wishes: (Again | undefined)[] = [
    plan.againSeconds === undefined ? undefined : { because: 'in progress', seconds: plan.againSeconds },
    unwritten,
    unmet.seconds === undefined ? undefined : { because: 'not there yet', seconds: unmet.seconds },
  ];
  return wishes.flatMap((wish) => wish ?? []).toSorted((one, other) => one.seconds - other.seconds)[0];
}

/** Lists the announced connections that this review did not find either. */
function unmetAfter(
  { logger, pace }: ReviewPorts,
  { request, target }: ReviewJob,
  { state, plan, startedAt }: { state: TargetState; plan: ReviewPlan; startedAt: Date },
): Unmet {
  const connectionStates = known(state.connectionStates, plan.rows);
  const firstSeconds = pace.backoffSeconds;
  const unmet = stillExpected(withExpectation(state, request), {
    now: startedAt,
    connectionStates,
    firstSeconds,
  });
  if (unmet.ended > 0) {
    logger.info(
      `${target.id}: a connection that an event announced did not appear; a sweep will find it if it does later`,
    );
  }
  return unmet;
}

/** Merges the changed rows into those from before the review. */
function known(
  before: readonly ConnectionState[],
  changed: readonly ConnectionState[],
): readonly ConnectionState[] {
  return [...new Map([...before, ...changed].map((row) => [row.connection.key, row])).values()];
}
