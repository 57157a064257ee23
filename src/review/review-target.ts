import { clockSkewMs, dayOf, isFromTheFuture } from '../base/clock';
import type { ConnectionListing } from '../connections/connection-store';
import type { TargetId } from '../connections/resource-id';
import { targetProfiles } from '../connections/target-type';
import { isUnconfirmed, waitsForItsTurn, type ConnectionState } from '../operations/operation';
import { markOf, type TargetMark, type TargetState } from '../operations/operation-store';
import { overdueSince, wake } from '../operations/overdue';
import { isExpectationMet } from './queue/expectation';
import { isReviewAhead, isPromise } from './queue/review-again';
import { planReview, type ReviewPlan } from './plan-review';
import { readFacts, type FactsRead } from './read-facts';
import type { Again, ReviewJob, ReviewOutcome, ReviewTargetOptions } from './review-job';
import type { ReviewRequest } from './queue/review-request';
import { pendingRecords, withoutPending } from './unrecorded';
import { writePlan } from './write-plan';

/**
 * Makes one review, under the target's lease: reads the connections once, decides each, makes the decisions durable, then
 * writes, one operation at a time. @throws ArmError when the target cannot be read; nothing was written then.
 */
export async function reviewTarget(options: ReviewTargetOptions, job: ReviewJob): Promise<ReviewOutcome> {
  const state = await options.operations.load(job.target);
  const startedAt = options.clock.now();
  const readAtMs = options.clock.monotonicMs();
  for (const row of overdueIn(options, state, startedAt)) {
    await wake(options.alarm, row, job.request.traceId);
  }
  if (wasSeen(state, job.request, startedAt)) return { kind: 'seen' };
  const listing = await options.connections.list(job.target);
  const { connectionStates } = state;
  // Never there, as far as Postern knows: an event's word is not worth a row.
  if (listing === undefined && connectionStates.length === 0) return { kind: 'gone' };
  const facts = await readFacts(options, job, { listing, connectionStates });
  const plan = planFrom(options, job, { state, startedAt, listing, facts });
  const { rows, mark } = await makeDurable(options, job.target, { plan, state, startedAt });
  const unwritten =
    listing === undefined ? undefined : await writePlan(options, job, { plan, rows, facts, readAtMs });
  const isAnswered = isExpectationMet(job.request, known(connectionStates, plan.rows));
  return { kind: 'read', isAnswered, mark, again: soonest(plan, unwritten) };
}

interface Seen {
  readonly state: TargetState;
  readonly startedAt: Date;
  readonly listing: ConnectionListing | undefined;
  readonly facts: FactsRead;
}

function planFrom(
  { pollFloorSeconds }: ReviewTargetOptions,
  { target, policy, request }: ReviewJob,
  { state, startedAt, listing, facts }: Seen,
): ReviewPlan {
  return planReview({
    target,
    policy,
    connectionStates: state.connectionStates,
    nextGeneration: state.nextGeneration,
    listing: listing ?? { connections: [], malformed: [] },
    targetDetails: facts.details,
    endpoints: facts.endpoints,
    unread: facts.unread,
    retryAfterSeconds: facts.retryAfterSeconds,
    pollFloorSeconds: pollFloorSeconds ?? targetProfiles[target.type].pollFloorSeconds,
    now: startedAt,
    swept: isFoundLate(state, request),
    isFirstToday: dayOf(state.reviewedAt ?? '') !== dayOf(startedAt.toISOString()),
    isRetry: request.origin === 'person',
    traceId: request.traceId,
  });
}

/** Whatever was left open is looked at when the first of it is due. */
function soonest({ againSeconds }: ReviewPlan, unwritten: Again | undefined): Again | undefined {
  if (againSeconds === undefined) return unwritten;
  const inProgress: Again = { because: 'unsettled', seconds: againSeconds };
  return unwritten !== undefined && unwritten.seconds < againSeconds ? unwritten : inProgress;
}

/** What is known of the connections now: the rows that changed instead of those before. */
function known(
  before: readonly ConnectionState[],
  changed: readonly ConnectionState[],
): readonly ConnectionState[] {
  return [...new Map([...before, ...changed].map((row) => [row.connection.key, row])).values()];
}

/**
 * Tells, without the lease, whether a review that has ended has seen what the hint announced, and left nothing to wake. Then no
 * review is due.
 */
export async function isAnswered(
  options: Pick<ReviewTargetOptions, 'operations' | 'clock' | 'pollFloorSeconds'>,
  { target, request }: Pick<ReviewJob, 'target' | 'request'>,
): Promise<boolean> {
  const state = await options.operations.load(target);
  const now = options.clock.now();
  return wasSeen(state, request, now) && overdueIn(options, state, now).length === 0;
}

/** Under way, and its time is over: its process may have died before it set the alarm, or before it told of a bad end. */
function overdueIn(
  { pollFloorSeconds }: Pick<ReviewTargetOptions, 'pollFloorSeconds'>,
  { connectionStates }: TargetState,
  now: Date,
): readonly Parameters<typeof wake>[1][] {
  const since = overdueSince(now, pollFloorSeconds);
  return connectionStates.flatMap(({ connection, operation }) => {
    if (operation?.state !== 'running') return [];
    // Whoever holds the target's lease knows that nobody is still about to set the alarm of an announced write.
    const latest = isUnconfirmed(operation) ? now : since;
    const isInTime = operation.ending === undefined && new Date(operation.dueAt ?? 0) >= latest;
    return isInTime ? [] : [{ connection, operation }];
  });
}

function wasSeen(state: TargetState, request: ReviewRequest, now: Date): boolean {
  if (request.origin === 'person') return false;
  // A later review has promised another look, or found that none is needed.
  if (request.promisedAt !== undefined) return !isPromise(request, state) && !isLeftOpen(state, now);
  if (state.reviewedAt === undefined || isFromTheFuture(state.reviewedAt, now)) return false;
  if (Date.parse(state.reviewedAt) < Date.parse(request.hintedAt) + clockSkewMs) return false;
  if (isLeftOpen(state, now)) return false;
  return isExpectationMet(request, state.connectionStates);
}

/** What was left open is nobody's any more: the look that was promised did not come, or the review died before its writes. */
function isLeftOpen(state: TargetState, now: Date): boolean {
  if (isReviewAhead(state, now)) return false;
  return state.againAt !== undefined || hasUnfinishedWork(state);
}

/** What was there before Postern's first sweep, no event can have told of. */
function isFoundLate({ reviewedAt }: TargetState, { origin }: ReviewRequest): boolean {
  return origin === 'sweep' || (origin === 'first sweep' && reviewedAt !== undefined);
}

/**
 * Planned and not told of; or planned, and nothing under way whose end would come back to it: its review may have died before
 * the write.
 */
function hasUnfinishedWork({ connectionStates }: TargetState): boolean {
  const operations = connectionStates.flatMap(({ operation }) => operation ?? []);
  if (operations.some(({ untold }) => untold !== undefined)) return true;
  return operations.some(waitsForItsTurn) && !operations.some(({ state }) => state === 'running');
}

interface Durable {
  readonly rows: ReadonlyMap<string, ConnectionState>;
  /** With this review's time, once all of it is remembered. */
  readonly mark: TargetMark;
}

/**
 * What begins is in its row first, with all that is to be told of it: whatever happens next, it is told and it ends. Then the
 * ledger, then every other row; only then may anything be written to ARM. Resolves to the rows as stored.
 */
async function makeDurable(
  options: ReviewTargetOptions,
  target: TargetId,
  { plan, state, startedAt }: { plan: ReviewPlan; state: TargetState; startedAt: Date },
): Promise<Durable> {
  const rows = withFewRemovals(plan.rows);
  const mark = markAfter(state, rows, startedAt);
  // What was left open has not been seen to: until a look at it is promised, no hint counts as answered.
  const kept = plan.againSeconds === undefined ? { ...mark, againAt: undefined } : spentOnly(state, mark);
  const begun = rows.filter((row) => pendingRecords(row).length > 0);
  const isAll = isOneWrite(plan, begun);
  const first =
    begun.length === 0 ? [] : await options.operations.save(target, begun, isAll ? kept : undefined);
  await options.audit.record(plan.records);
  // The one write that begins now clears its row itself.
  if (isAll) return { rows: byKey(first.map(withoutPending)), mark };
  const others = rows.filter((row) => pendingRecords(row).length === 0);
  const saved = await options.operations.save(target, [...others, ...first.map(withoutPending)], kept);
  return { rows: byKey(saved), mark };
}

/** Removals go one by one: of a great many, the next review goes on with the rest. */
const mostRemovals = 500;

function withFewRemovals(rows: readonly ConnectionState[]): readonly ConnectionState[] {
  const removals = rows.filter(({ forget }) => forget === true).slice(mostRemovals);
  if (removals.length === 0) return rows;
  const left = new Set(removals);
  return rows.filter((row) => !left.has(row));
}

/** What is forgotten takes its generation with it: nothing that comes later has it again. */
function markAfter(state: TargetState, rows: readonly ConnectionState[], startedAt: Date): TargetMark {
  const spent = rows.filter(({ forget }) => forget === true).map(({ generation }) => generation + 1);
  const nextGeneration = spent.reduce((most, next) => Math.max(most, next), state.nextGeneration);
  return { reviewedAt: startedAt.toISOString(), againAt: state.againAt, nextGeneration };
}

function spentOnly(state: TargetState, { nextGeneration }: TargetMark): TargetMark | undefined {
  return nextGeneration === state.nextGeneration ? undefined : { ...markOf(state), nextGeneration };
}

/** Nothing else is to be stored or told, and nothing stands in its way. */
function isOneWrite(
  { rows, records, writes, running }: ReviewPlan,
  begun: readonly ConnectionState[],
): boolean {
  const [only] = begun;
  if (only === undefined || running || rows.length > 1 || writes.length > 1) return false;
  return records.length === pendingRecords(only).length;
}

function byKey(rows: readonly ConnectionState[]): ReadonlyMap<string, ConnectionState> {
  return new Map(rows.map((connectionState) => [connectionState.connection.key, connectionState]));
}
