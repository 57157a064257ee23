import { addSeconds } from '../base/clock';
import { hasStatus, type Connection } from '../connections/connection';
import { namesDecision } from './description';
import { goneStatus, type Operation, type ConnectionState } from './operation';

/** What has gone may come back after a long row of odd answers: so long after its end an approval is remembered. */
const rememberedSeconds = 14 * 24 * 60 * 60;

/**
 * Tells when the target must be looked at because of an approval with an end: when it ends, or, of a connection that is gone,
 * when it may be forgotten. `undefined` while none was applied. ISO 8601.
 */
export function endOfApproval(connectionState: ConnectionState): string | undefined {
  const { approval } = connectionState;
  if (approval === undefined) return undefined;
  if (connectionState.status === goneStatus) {
    return addSeconds(new Date(approval.endsAt), rememberedSeconds).toISOString();
  }
  const wasApplied = approval.proof !== undefined || isAppliedApproval(connectionState.operation);
  return wasApplied || hasStatus(connectionState, 'Approved') ? approval.endsAt : undefined;
}

/** Tells whether a row of what is gone holds an approval that may still come back. */
export function remembersApproval({ approval, ...connectionState }: ConnectionState, now: Date): boolean {
  if (approval?.decisionId === undefined && approval?.proof === undefined) return false;
  const until = endOfApproval({ ...connectionState, approval });
  return until !== undefined && new Date(until) > now;
}

function isAppliedApproval(operation: Operation | undefined): boolean {
  return operation?.effect === 'approve' && operation.state === 'applied';
}

/**
 * Tells whether an approval that has come up anew is the one that Postern made: its description names the decision, or never
 * did. Somebody else's is not ours to end.
 */
export function isOurApproval(
  { approval, operation }: ConnectionState,
  { message }: Pick<Connection, 'message'>,
): boolean {
  if (approval === undefined) return false;
  const approving = operation?.effect === 'approve' ? operation.decisionId : undefined;
  const decisionId = approval.decisionId ?? approving;
  if (decisionId !== undefined && namesDecision(message, decisionId)) return true;
  return approval.proof === undefined ? isAppliedApproval(operation) : approval.proof === 'unnamed';
}

/** Whether the connection, as it was just read, stands on an approval whose time is over. */
export function hasOutlivedApproval(
  connection: Connection,
  connectionState: ConnectionState | undefined,
  now: Date,
): boolean {
  const endsAt = connectionState?.approval?.endsAt;
  return endsAt !== undefined && hasStatus(connection, 'Approved') && new Date(endsAt) <= now;
}
