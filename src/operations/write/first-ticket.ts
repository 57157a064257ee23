import type { Pace } from '../../connections/pace';
import { addSeconds, type Clock } from '../../base/clock';
import type { WriteReply } from '../../connections/connection-store';
import { targetProfiles } from '../../connections/target-type';
import type { Ticket } from '../operation';
import { lagSeconds } from '../proof/timeouts';
import type { Planned } from './planned';

export type Accepted = Extract<WriteReply, { kind: 'accepted' }>;

export interface TicketPorts {
  readonly clock: Clock;
  readonly pace: Pace;
}

/** Makes the ticket of a write from ARM's first reply; `undefined`: none came, or none that can be read. */
export function firstTicket(ports: TicketPorts, planned: Planned, reply: Accepted | undefined): Ticket {
  const profile = targetProfiles[planned.connectionState.connection.target.type];
  const pollFloorSeconds = ports.pace.minPollSeconds(planned.connectionState.connection.target.type);
  const now = ports.clock.now();
  // No reply, or none that can be read: the write may have been done. Only the connection can tell, and soon.
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

/** Tells whether the new status shows at once: Key Vault's does; a deletion has none. */
export function showsNewStatusAtOnce({ connectionState, operation }: Planned): boolean {
  return (
    targetProfiles[connectionState.connection.target.type].showsNewStatusAtOnce &&
    operation.effect !== 'delete'
  );
}
