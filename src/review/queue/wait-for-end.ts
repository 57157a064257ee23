import { addSeconds, isFromTheFuture } from '../../base/clock';
import { isUnconfirmed, type Operation } from '../../operations/operation';
import { markOf, type OperationStore, type TargetState } from '../../operations/operation-store';
import type { TargetId } from '../../connections/resource-id';
import { withExpectation } from './expectation';
import type { ReviewRequest } from './review-request';

/**
 * How long hints wait for the end of an operation, in seconds from its start. After that, a hint causes a review, which
 * decides what it can although nothing may be written yet.
 */
const longestWaitSeconds = 10 * 60;

/**
 * Lets a hint about a target wait for the end of the operation that is under way there: nothing may be written before,
 * and the reading after it answers every hint that came meanwhile. The operation's own row says that hints wait, so that
 * whoever ends it asks for that reading.
 * @param state the target's state, in which no operation is overdue.
 * @returns whether the hint waits now; if not, a review is due.
 * @throws PosternError STORE_CONFLICT if the operation, or the mark, has changed meanwhile; STORE_UNAVAILABLE.
 */
export async function waitForEnd(
  { operations }: { readonly operations: OperationStore },
  { target, request, state, now }: Waiting,
): Promise<boolean> {
  if (!isHint(request)) return false;
  const row = state.connectionStates.find(({ operation }) => operation !== undefined && ends(operation, now));
  if (row?.operation === undefined) return false;
  const { operation } = row;
  const expected = withExpectation(state, request);
  const isKnown = expected === state.expected || (expected.length === 0 && state.expected === undefined);
  const awaited = { ...row, operation: { ...operation, isAwaited: true } };
  const rows = operation.isAwaited === true ? [] : [awaited];
  const mark = isKnown ? undefined : { ...markOf(state), expected };
  if (rows.length > 0 || mark !== undefined) await operations.save(target, rows, mark);
  return true;
}

/** A hint, and what is known of its target. */
export interface Waiting {
  readonly target: TargetId;
  readonly request: ReviewRequest;
  readonly state: TargetState;
  readonly now: Date;
}

/** Tells whether the request only says that something may have happened. */
function isHint({ origin, promisedAt }: ReviewRequest): boolean {
  return origin === undefined && promisedAt === undefined;
}

/**
 * Tells whether the operation is under way and its end will come soon. The row of one whose write may still be on its
 * way to Azure belongs to its sender.
 */
function ends(operation: Operation, now: Date): boolean {
  const { state, startedAt, ending } = operation;
  if (state !== 'running' || ending !== undefined || startedAt === undefined) return false;
  if (isUnconfirmed(operation) || isFromTheFuture(startedAt, now)) return false;
  return addSeconds(new Date(startedAt), longestWaitSeconds) > now;
}
