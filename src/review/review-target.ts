import { isExpectationMet } from './queue/expectation';
import { overdueIn, wasSeen } from './is-due';
import { planFrom, type ReviewPlan } from './plan-review';
import { readFacts } from './facts/read-facts';
import type { Again, ReviewJob, ReviewOutcome, ReviewPorts } from './review-job';
import { makeDurable } from './make-durable';
import { writePlan } from './write-plan';
import type { ConnectionState } from '../operations/operation';
import { wake } from '../operations/overdue';

/**
 * Reviews one target under its lease: reads the connections once, decides each, makes the decisions
 * durable, then writes, one operation at a time.
 * @throws ArmError if the target cannot be read; nothing was written then.
 */
export async function reviewTarget(ports: ReviewPorts, job: ReviewJob): Promise<ReviewOutcome> {
  const state = await ports.operations.load(job.target);
  const startedAt = ports.clock.now();
  const readAtMs = ports.clock.monotonicMs();
  for (const row of overdueIn(ports, state, startedAt)) {
    await wake(ports.alarm, row, job.request.traceId);
  }
  if (wasSeen(state, job.request, startedAt)) return { kind: 'seen' };
  const listing = await ports.connections.list(job.target);
  const { connectionStates } = state;
  // Postern has never seen the target, and an event alone is not worth a row.
  if (listing === undefined && connectionStates.length === 0) return { kind: 'gone' };
  const facts = await readFacts(ports, job, { listing, connectionStates });
  const plan = planFrom(ports, job, { state, startedAt, listing, facts });
  const { rows, mark } = await makeDurable(ports, job.target, { plan, state, startedAt });
  const unwritten =
    listing === undefined ? undefined : await writePlan(ports, job, { plan, rows, facts, readAtMs });
  const isAnswered = isExpectationMet(job.request, known(connectionStates, plan.rows));
  return { kind: 'read', isAnswered, mark, again: soonest(plan, unwritten) };
}

/** Returns the earlier of the two next reviews. */
function soonest({ againSeconds }: ReviewPlan, unwritten: Again | undefined): Again | undefined {
  if (againSeconds === undefined) return unwritten;
  const inProgress: Again = { because: 'in progress', seconds: againSeconds };
  return unwritten !== undefined && unwritten.seconds < againSeconds ? unwritten : inProgress;
}

/** Merges the changed rows into those from before the review. */
function known(
  before: readonly ConnectionState[],
  changed: readonly ConnectionState[],
): readonly ConnectionState[] {
  return [...new Map([...before, ...changed].map((row) => [row.connection.key, row])).values()];
}
