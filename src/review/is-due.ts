import { addSeconds, clockSkewMs, isFromTheFuture } from '../base/clock';
import { isUnconfirmed, waitsForItsTurn } from '../operations/operation';
import type { TargetState } from '../operations/operation-store';
import { overdueSince, type wake } from '../operations/overdue';
import { isExpectationMet, isExpected, isSearchOver } from './queue/expectation';
import { isPromise, isReviewAhead } from './queue/review-again';
import { waitForEnd } from './queue/wait-for-end';
import type { ReviewRequest } from './queue/review-request';
import type { ReviewJob, ReviewPorts } from './review-job';

/**
 * Tells, without the lease, whether no review is due: a finished one has seen what the hint announced,
 * or the hint waits for the end of an operation. A review is due if an operation is overdue.
 * @throws PosternError STORE_CONFLICT, STORE_UNAVAILABLE
 */
export async function needsNoReview(
  ports: Pick<ReviewPorts, 'operations' | 'clock' | 'pace'>,
  { target, request }: Pick<ReviewJob, 'target' | 'request'>,
): Promise<boolean> {
  const state = await ports.operations.load(target);
  const now = ports.clock.now();
  if (overdueIn(ports, state, now).length > 0) return false;
  return wasSeen(state, request, now) || (await waitForEnd(ports, { target, request, state, now }));
}

/**
 * Lists the running operations whose time is over: their process may have died before it set the
 * alarm, or before it recorded a bad end.
 */
export function overdueIn(
  { pace }: Pick<ReviewPorts, 'pace'>,
  { connectionStates }: TargetState,
  now: Date,
): readonly Parameters<typeof wake>[1][] {
  const since = overdueSince(now, pace);
  return connectionStates.flatMap(({ connection, operation }) => {
    if (operation?.state !== 'running') return [];
    // A holder of the target's lease knows that no other process is about to set the alarm of an
    // unconfirmed write.
    const latest = isUnconfirmed(operation) ? now : since;
    const isInTime = operation.ending === undefined && new Date(operation.dueAt ?? 0) >= latest;
    return isInTime ? [] : [{ connection, operation }];
  });
}

/**
 * Tells whether a finished review has already answered the request and left nothing open. False for
 * a person's request.
 */
export function wasSeen(state: TargetState, request: ReviewRequest, now: Date): boolean {
  if (request.origin === 'person') return false;
  if (request.promisedAt !== undefined) return isVoid(state, request, now);
  if (state.reviewedAt === undefined || isFromTheFuture(state.reviewedAt, now)) return false;
  if (Date.parse(state.reviewedAt) < Date.parse(request.hintedAt) + clockSkewMs) return false;
  if (isLeftOpen(state, now)) return false;
  if (isSearchOver(request, now) || isExpected(state, request)) return true;
  return isExpectationMet(request, state.connectionStates);
}

/**
 * Tells whether a scheduled review is not needed: a later review has scheduled another one, or found that none is. The
 * message of that other one may have come a moment ago and be in work.
 */
export function isVoid(state: TargetState, request: ReviewRequest, now: Date): boolean {
  if (request.promisedAt === undefined || isPromise(request, state)) return false;
  return !isLeftOpen(state, addSeconds(now, -inWorkSeconds));
}

/** How long after its time a scheduled review may still be under way, in seconds: as long as a lease lasts. */
const inWorkSeconds = 60;

/**
 * Tells whether open work has been lost: the scheduled review did not come, or the review died
 * before its writes.
 */
function isLeftOpen(state: TargetState, now: Date): boolean {
  if (isReviewAhead(state, now)) return false;
  return state.againAt !== undefined || hasUnfinishedWork(state);
}

/**
 * Tells whether planned work remains that nothing will resume: an operation with unrecorded events,
 * or a planned one without a running one whose end would continue with it. Its review may have died
 * before the write.
 */
function hasUnfinishedWork({ connectionStates }: TargetState): boolean {
  const operations = connectionStates.flatMap(({ operation }) => operation ?? []);
  if (operations.some(({ untold }) => untold !== undefined)) return true;
  if (connectionStates.some(({ answer }) => answer?.untold !== undefined)) return true;
  return operations.some(waitsForItsTurn) && !operations.some(({ state }) => state === 'running');
}
