import { clockSkewMs, dayOf, isFromTheFuture } from '../clock';
import type { TargetId } from '../connections/resource-id';
import { isAnnounced, waitsForItsTurn, type Sighting } from '../operations/operation';
import type { TargetState } from '../operations/operation-store';
import { overdueSince, wake } from '../operations/overdue';
import { isExpectationMet } from './expectation';
import { planReview, type ReviewPlan } from './plan-review';
import { readFacts } from './read-facts';
import type { ReviewJob, ReviewOutcome, ReviewTargetOptions } from './review-job';
import type { ReviewRequest } from './review-request';
import { recordsToTell, told } from './untold';
import { writePlan } from './write-plan';

/**
 * One review, under the target's lease: reads the connections once, decides each, makes the decisions durable, then
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
  const { sightings } = state;
  // Never there, as far as Postern knows: an event's word is not worth a row.
  if (listing === undefined && sightings.length === 0) return { kind: 'gone' };
  const { details, endpoints, unread, retryAfterSeconds } = await readFacts(options, job, {
    listing,
    sightings,
  });
  const plan = planReview({
    target: job.target,
    policy: job.policy,
    sightings,
    listing: listing ?? { connections: [], unreadable: [] },
    targetDetails: details,
    endpoints,
    unread,
    now: startedAt,
    swept: isFoundLate(state, job.request),
    isFirstToday: dayOf(state.reviewedAt ?? '') !== dayOf(startedAt.toISOString()),
    putBack: job.request.origin === 'person',
    traceId: job.request.traceId,
  });
  const rows = await makeDurable(options, job.target, plan, startedAt);
  if (listing === undefined) return { kind: 'gone' };
  const outcome = await writePlan(options, job, { plan, rows, details, readAtMs, retryAfterSeconds });
  return outcome ?? { kind: 'done', isAnswered: isExpectationMet(job.request, known(sightings, plan.rows)) };
}

/** What is known of the connections now: the rows that changed instead of those before. */
function known(before: readonly Sighting[], changed: readonly Sighting[]): readonly Sighting[] {
  return [...new Map([...before, ...changed].map((row) => [row.connection.key, row])).values()];
}

/**
 * Without the lease: whether a review that has ended has seen what the hint announced, and left nothing to wake. Then no
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
  { sightings }: TargetState,
  now: Date,
): readonly Parameters<typeof wake>[1][] {
  const since = overdueSince(now, pollFloorSeconds);
  return sightings.flatMap(({ connection, operation }) => {
    if (operation?.state !== 'running') return [];
    // Whoever holds the target's lease knows that nobody is still about to set the alarm of an announced write.
    const latest = isAnnounced(operation) ? now : since;
    const isInTime = operation.ending === undefined && new Date(operation.dueAt ?? 0) >= latest;
    return isInTime ? [] : [{ connection, operation }];
  });
}

function wasSeen(state: TargetState, request: ReviewRequest, now: Date): boolean {
  if (state.reviewedAt === undefined || request.origin === 'person') return false;
  if (isFromTheFuture(state.reviewedAt, now)) return false;
  if (Date.parse(state.reviewedAt) < Date.parse(request.hintedAt) + clockSkewMs) return false;
  if (hasUnfinishedWork(state)) return false;
  return isExpectationMet(request, state.sightings);
}

/** What was there before Postern's first sweep, no event can have told of. */
function isFoundLate({ reviewedAt }: TargetState, { origin }: ReviewRequest): boolean {
  return origin === 'sweep' || (origin === 'first sweep' && reviewedAt !== undefined);
}

/**
 * Planned and not told of; or planned, and nothing under way whose end would come back to it: its review may have died before
 * the write.
 */
function hasUnfinishedWork({ sightings }: TargetState): boolean {
  const operations = sightings.flatMap(({ operation }) => operation ?? []);
  if (operations.some(({ untold }) => untold !== undefined)) return true;
  return operations.some(waitsForItsTurn) && !operations.some(({ state }) => state === 'running');
}

/**
 * What begins is in its row first, with all that is to be told of it: whatever happens next, it is told and it ends. Then the
 * ledger, then every other row; only then may anything be written to ARM. Resolves to the rows as stored.
 */
async function makeDurable(
  options: ReviewTargetOptions,
  target: TargetId,
  plan: ReviewPlan,
  startedAt: Date,
): Promise<ReadonlyMap<string, Sighting>> {
  // What was in between has not been seen: until it was, no hint counts as answered.
  const reviewedAt = plan.unsettled ? undefined : startedAt.toISOString();
  const begun = plan.rows.filter((row) => recordsToTell(row).length > 0);
  const isAll = isOneWrite(plan, begun);
  const first =
    begun.length === 0 ? [] : await options.operations.save(target, begun, isAll ? reviewedAt : undefined);
  await options.audit.record(plan.records);
  // The one write that begins now clears its row itself.
  if (isAll) return byKey(first.map(told));
  const others = plan.rows.filter((row) => recordsToTell(row).length === 0);
  return byKey(await options.operations.save(target, [...others, ...first.map(told)], reviewedAt));
}

/** Nothing else is to be stored or told, and nothing stands in its way. */
function isOneWrite({ rows, records, writes, running }: ReviewPlan, begun: readonly Sighting[]): boolean {
  const [only] = begun;
  if (only === undefined || running || rows.length > 1 || writes.length > 1) return false;
  return records.length === recordsToTell(only).length;
}

function byKey(rows: readonly Sighting[]): ReadonlyMap<string, Sighting> {
  return new Map(rows.map((sighting) => [sighting.connection.key, sighting]));
}
