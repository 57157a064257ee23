import { addSeconds, secondsUntil } from '../../base/clock';
import type { Seen, SeenConnection } from './watch';

/** How a wait ended. */
export type WaitOutcome = 'approved' | 'rejected' | 'held' | 'timeout' | 'gone';

/** The next step of a wait: poll again after some seconds, or end. */
export type WaitStep =
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'end'; readonly outcome: WaitOutcome };

/** State of a wait before a poll. */
export interface Waiting {
  readonly startedAt: Date;
  readonly deadlineAt: Date;
  /** Time between two polls. */
  readonly intervalSeconds: number;
  /** Whether an earlier poll found the endpoint or connection. */
  readonly wasSeen: boolean;
}

/** Time in which ARM may not find a resource that was just created, because its regions replicate. */
const replicationSeconds = 60;

/**
 * Decides the next step after a poll. Pure. Never waits beyond the deadline; at the deadline the
 * outcome is `timeout`.
 */
export function nextWait(waiting: Waiting, seen: Seen, now: Date): WaitStep {
  const outcome = outcomeOf(waiting, seen, now);
  if (outcome !== undefined) return { kind: 'end', outcome };
  const left = secondsUntil(now, waiting.deadlineAt);
  const retryAfter = (seen.kind === 'unavailable' && seen.retryAfterSeconds) || 0;
  if (left <= 0 || retryAfter > left) return { kind: 'end', outcome: 'timeout' };
  return { kind: 'wait', seconds: Math.min(left, Math.max(waiting.intervalSeconds, retryAfter)) };
}

function outcomeOf({ startedAt, wasSeen }: Waiting, seen: Seen, now: Date): WaitOutcome | undefined {
  switch (seen.kind) {
    case 'unavailable':
      return undefined;
    case 'gone':
      return wasSeen || now >= addSeconds(startedAt, replicationSeconds) ? 'gone' : undefined;
    case 'seen':
      return answerOf(seen);
  }
}

/**
 * Derives the outcome from the connections. One rejection decides for all; `approved` requires that
 * all are approved and settled.
 */
function answerOf({ isSettled, connections }: Extract<Seen, { kind: 'seen' }>): WaitOutcome | undefined {
  const some = (status: string): boolean => connections.some((each) => hasStatus(each, status));
  if (some('Rejected')) return 'rejected';
  if (some('Disconnected')) return 'gone';
  if (connections.some(({ held }) => held !== undefined)) return 'held';
  const isApproved = connections.length > 0 && connections.every((each) => hasStatus(each, 'Approved'));
  return isApproved && isSettled ? 'approved' : undefined;
}

function hasStatus(connection: SeenConnection, status: string): boolean {
  return connection.status.toLowerCase() === status.toLowerCase();
}
