import type { Pace } from '../../connections/pace';
import { addSeconds, type Clock } from '../../base/clock';
import type { WriteReply } from '../../connections/connection-store';
import { profileOf } from '../../connections/target-type';
import type { Ticket } from '../operation';
import { lagSeconds } from '../proof/timeouts';
import type { Planned } from './planned';

/** ARM's reply that it accepted the write. */
export type Accepted = Extract<WriteReply, { kind: 'accepted' }>;

/** The ports of `firstTicket`. */
export interface TicketPorts {
  readonly clock: Clock;
  readonly pace: Pace;
}

/**
 * Creates the ticket of a write from ARM's first reply; `undefined`: no reply came, or it cannot be
 * read.
 */
export function firstTicket(ports: TicketPorts, planned: Planned, reply: Accepted | undefined): Ticket {
  const profile = profileOf(planned.connectionState.connection.target.type);
  const pollFloorSeconds = ports.pace.minPollSeconds(planned.connectionState.connection.target.type);
  const now = ports.clock.now();
  // Without a readable reply, the write may have been done. Only the connection can show it, and
  // soon.
  const timeoutSeconds =
    reply === undefined ? profile.unconfirmedTimeoutPolls * pollFloorSeconds : profile.deadlineSeconds;
  return {
    version: 1,
    connectionId: planned.connection.id.id,
    effect: planned.operation.effect,
    statusBefore: planned.connection.status,
    phase: reply?.operationUrl === undefined ? 'proof' : 'operation',
    operationUrl: reply?.operationUrl,
    confirmed: reply !== undefined,
    namedDecision: planned.operation.ticket?.namedDecision,
    pollFloorSeconds,
    endpointKey: planned.connection.endpoint?.key,
    answersBy:
      reply !== undefined && profile.showsNewStatusAtOnce
        ? addSeconds(now, lagSeconds(pollFloorSeconds)).toISOString()
        : undefined,
    deadlineAt: addSeconds(now, timeoutSeconds).toISOString(),
    polls: 0,
  };
}

/**
 * Tells whether the new status is visible at once. It is for Key Vault; a deletion has no new
 * status.
 */
export function showsNewStatusAtOnce({ connectionState, operation }: Planned): boolean {
  return (
    profileOf(connectionState.connection.target.type).showsNewStatusAtOnce && operation.effect !== 'delete'
  );
}
