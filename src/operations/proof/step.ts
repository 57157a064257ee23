import type { ArmError } from '../../base/errors';
import type { Connection } from '../../connections/connection';
import type { OperationReport } from '../../connections/connection-store';
import type { Seen, Ticket } from '../operation';
import { nextWaitSeconds, stillRunning } from '../pace/timing';

/** The result of one poll of an operation. */
export type Reply =
  | { readonly kind: 'operation'; readonly report: OperationReport }
  | { readonly kind: 'connection'; readonly connection: ConnectionView | undefined }
  | { readonly kind: 'error'; readonly error: ArmError };

/** The parts of a connection that a proof reads. */
export type ConnectionView = Pick<Connection, 'status' | 'message' | 'provisioningState' | 'progress'> &
  Partial<Pick<Connection, 'endpoint'>>;

/** The next step of an operation after a poll. */
export type Step =
  | {
      readonly kind: 'done';
      readonly outcome: 'applied' | 'unproven' | 'superseded';
      readonly reason: string;
      /** What the proof read. */
      readonly seen: Seen;
    }
  | { readonly kind: 'failed'; readonly error: string }
  /**
   * `undone`: the write was accepted, but the old status remains: it had no effect, or somebody has
   * undone it.
   */
  | { readonly kind: 'expired'; readonly error: string; readonly undone?: boolean }
  | {
      readonly kind: 'wait';
      readonly delaySeconds: number;
      readonly ticket: Ticket;
      /**
       * Whether to read the connection, too, because it may show an end that the operation URL does
       * not report.
       */
      readonly glance?: boolean;
    };

/**
 * Returns the status that the effect asks for; `undefined` for a delete, which wants the connection
 * gone.
 */
export function wantedStatus(effect: Ticket['effect']): string | undefined {
  switch (effect) {
    case 'approve':
      return 'Approved';
    case 'reject':
      return 'Rejected';
    case 'delete':
      return undefined;
  }
}

/**
 * Computes the least number of seconds until the next poll: the polling floor, or what ARM asks for if
 * that is longer.
 */
export function pause(ticket: Ticket, retryAfterSeconds = 0): number {
  return Math.max(ticket.pollFloorSeconds, retryAfterSeconds);
}

/**
 * Waits for an operation that was just found running: until a poll is likely enough to find its end,
 * and at least as long as `pause`.
 */
export function waitWhileRunning(
  ticket: Ticket,
  now: Date,
  retryAfterSeconds = 0,
): Extract<Step, { kind: 'wait' | 'expired' }> {
  const gapSeconds = pause(ticket, retryAfterSeconds);
  const { timing, deadlineAt } = ticket;
  if (timing === undefined || timing.endedAt !== undefined) return wait(ticket, gapSeconds, now);
  const delaySeconds = nextWaitSeconds(timing, now, { gapSeconds, deadlineAt });
  return wait({ ...ticket, timing: stillRunning(timing, now) }, delaySeconds, now);
}

/** Tells whether the deadline has passed. */
export function isOver({ deadlineAt }: Ticket, now: Date): boolean {
  return now >= new Date(deadlineAt);
}

/**
 * Makes a step that waits, or one that expires if the deadline has passed. Honors `Retry-After` up
 * to one hour.
 */
export function wait(
  ticket: Ticket,
  delaySeconds: number,
  now: Date,
  error?: string,
): Extract<Step, { kind: 'wait' | 'expired' }> {
  if (isOver(ticket, now)) {
    return { kind: 'expired', error: error ?? ticket.reportedError ?? 'the deadline passed without proof' };
  }
  return { kind: 'wait', delaySeconds: Math.min(delaySeconds, longestWaitSeconds), ticket };
}

/** The longest time between two polls, in seconds. */
export const longestWaitSeconds = 60 * 60;
