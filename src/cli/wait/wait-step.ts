import { addSeconds, secondsUntil } from '../../base/clock';
import type { Seen, SeenConnection } from './watch';

export type WaitOutcome = 'approved' | 'rejected' | 'held' | 'timeout' | 'gone';

export type WaitStep =
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'end'; readonly outcome: WaitOutcome };

export interface Waiting {
  readonly startedAt: Date;
  readonly deadlineAt: Date;
  /** How long to wait between two looks. */
  readonly intervalSeconds: number;
  /** Whether an earlier look has seen it. */
  readonly wasSeen: boolean;
}

/** ARM may need so long until all of its regions know what was just made. */
const newSeconds = 60;

/** What follows from one look. Pure. A wait is never longer than what is left, and with nothing left it is a timeout. */
export function nextWait(waiting: Waiting, seen: Seen, now: Date): WaitStep {
  const outcome = outcomeOf(waiting, seen, now);
  if (outcome !== undefined) return { kind: 'end', outcome };
  const left = secondsUntil(now, waiting.deadlineAt);
  const asked = (seen.kind === 'trouble' && seen.retryAfterSeconds) || 0;
  if (left <= 0 || asked > left) return { kind: 'end', outcome: 'timeout' };
  return { kind: 'wait', seconds: Math.min(left, Math.max(waiting.intervalSeconds, asked)) };
}

function outcomeOf({ startedAt, wasSeen }: Waiting, seen: Seen, now: Date): WaitOutcome | undefined {
  switch (seen.kind) {
    case 'trouble':
      return undefined;
    case 'gone':
      return wasSeen || now >= addSeconds(startedAt, newSeconds) ? 'gone' : undefined;
    case 'seen':
      return answerOf(seen);
  }
}

/** A refusal of one is an answer for all: the endpoint will never be whole. Approved counts when all are, and at rest. */
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
