import { clockSkewMs, isFromTheFuture } from '../base/clock';
import { isUnconfirmed, waitsForItsTurn } from '../operations/operation';
import type { TargetState } from '../operations/operation-store';
import { overdueSince, type wake } from '../operations/overdue';
import { isExpectationMet } from './queue/expectation';
import { isPromise, isReviewAhead } from './queue/review-again';
import type { ReviewRequest } from './queue/review-request';
import type { ReviewJob, ReviewPorts } from './review-job';

/**
 * Tells, without the lease, whether a review that has ended has seen what the hint announced, and left nothing to wake. Then no
 * review is due.
 */
export async function isAnswered(
  ports: Pick<ReviewPorts, 'operations' | 'clock' | 'pace'>,
  { target, request }: Pick<ReviewJob, 'target' | 'request'>,
): Promise<boolean> {
  const state = await ports.operations.load(target);
  const now = ports.clock.now();
  return wasSeen(state, request, now) && overdueIn(ports, state, now).length === 0;
}

/** Under way, and its time is over: its process may have died before it set the alarm, or before it told of a bad end. */
export function overdueIn(
  { pace }: Pick<ReviewPorts, 'pace'>,
  { connectionStates }: TargetState,
  now: Date,
): readonly Parameters<typeof wake>[1][] {
  const since = overdueSince(now, pace);
  return connectionStates.flatMap(({ connection, operation }) => {
    if (operation?.state !== 'running') return [];
    // Whoever holds the target's lease knows that nobody is still about to set the alarm of an announced write.
    const latest = isUnconfirmed(operation) ? now : since;
    const isInTime = operation.ending === undefined && new Date(operation.dueAt ?? 0) >= latest;
    return isInTime ? [] : [{ connection, operation }];
  });
}

export function wasSeen(state: TargetState, request: ReviewRequest, now: Date): boolean {
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

/**
 * Planned and not told of; or planned, and nothing under way whose end would come back to it: its review may have died before
 * the write.
 */
function hasUnfinishedWork({ connectionStates }: TargetState): boolean {
  const operations = connectionStates.flatMap(({ operation }) => operation ?? []);
  if (operations.some(({ untold }) => untold !== undefined)) return true;
  return operations.some(waitsForItsTurn) && !operations.some(({ state }) => state === 'running');
}
