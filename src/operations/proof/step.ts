import type { ArmError } from '../../base/errors';
import type { Connection } from '../../connections/connection';
import type { OperationReport } from '../../connections/connection-store';
import type { Seen, Ticket } from '../operation';

/** What one look at an operation brought. */
export type Reply =
  | { readonly kind: 'operation'; readonly report: OperationReport }
  | { readonly kind: 'connection'; readonly connection: ConnectionView | undefined }
  | { readonly kind: 'trouble'; readonly error: ArmError };

export type ConnectionView = Pick<Connection, 'status' | 'message' | 'provisioningState'> &
  Partial<Pick<Connection, 'endpoint'>>;

export type Step =
  | {
      readonly kind: 'done';
      readonly outcome: 'applied' | 'superseded';
      readonly reason: string;
      /** What the proof read. */
      readonly seen: Seen;
    }
  | { readonly kind: 'failed'; readonly error: string }
  /** `undone`: the write was taken, and the old status stands: it did nothing, or somebody has undone it. */
  | { readonly kind: 'expired'; readonly error: string; readonly undone?: boolean }
  | {
      readonly kind: 'wait';
      readonly delaySeconds: number;
      readonly ticket: Ticket;
      /** The operation URL tells nothing that the connection itself may not have told by now. */
      readonly glance?: boolean;
    };

/** Names the status that the effect asks for; `undefined` for a delete, which wants the connection gone. */
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

/** Computes the seconds to the next look: the floor, or what ARM asks for. */
export function pause(ticket: Ticket, retryAfterSeconds = 0): number {
  return Math.max(ticket.pollFloorSeconds, retryAfterSeconds);
}

/** Tells whether the deadline is over. */
export function isOver({ deadlineAt }: Ticket, now: Date): boolean {
  return now >= new Date(deadlineAt);
}

/** A wait that would begin after the deadline is an end. What `Retry-After` asks for is honoured, up to an hour. */
export function wait(
  ticket: Ticket,
  delaySeconds: number,
  now: Date,
  trouble?: string,
): Extract<Step, { kind: 'wait' | 'expired' }> {
  if (isOver(ticket, now)) {
    return { kind: 'expired', error: trouble ?? ticket.reportedError ?? 'the deadline passed without proof' };
  }
  return { kind: 'wait', delaySeconds: Math.min(delaySeconds, longestWaitSeconds), ticket };
}

/** No look is put off for longer. */
export const longestWaitSeconds = 60 * 60;
