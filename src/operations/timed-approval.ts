import { addSeconds } from '../base/clock';
import { hasStatus, type Connection } from '../connections/connection';
import { namesDecision } from './description';
import { goneStatus, type ConnectionState, type Operation, type TimedApproval } from './operation';

/**
 * How long an approval is remembered after its end: a connection that is gone may reappear after a
 * long series of unexpected answers.
 */
const rememberedSeconds = 14 * 24 * 60 * 60;

/**
 * Computes when the target must be reviewed because of a time-limited approval: when the approval
 * ends, or, for a connection that is gone, when the approval may be forgotten. `undefined` while no
 * approval was applied. ISO 8601.
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

/** Tells whether the row of a connection that is gone holds an approval that may reappear. */
export function remembersApproval({ approval, ...connectionState }: ConnectionState, now: Date): boolean {
  if (approval?.decisionId === undefined && approval?.proof === undefined) return false;
  const until = endOfApproval({ ...connectionState, approval });
  return until !== undefined && new Date(until) > now;
}

function isAppliedApproval(operation: Operation | undefined): boolean {
  if (operation?.effect !== 'approve') return false;
  return operation.state === 'applied' || operation.state === 'unproven';
}

/**
 * Tells whether an approval that has reappeared is the one that Postern made: its description names
 * the decision, or never did. Postern does not end another person's approval.
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

/**
 * Returns the row's approval with what its operation proves, before another operation takes that one's place: a row of
 * version 0.1.0, or an approval that was never proven, has it nowhere else.
 */
export function provenApproval({ approval, operation }: ConnectionState): TimedApproval | undefined {
  if (approval === undefined || approval.proof !== undefined || operation === undefined) return approval;
  if (!isAppliedApproval(operation)) return approval;
  return { ...approval, decisionId: approval.decisionId ?? operation.decisionId, proof: 'unnamed' };
}

/** Tells whether the connection, as just read, has an approval whose time is over. */
export function hasOutlivedApproval(
  connection: Connection,
  connectionState: ConnectionState | undefined,
  now: Date,
): boolean {
  const endsAt = connectionState?.approval?.endsAt;
  return endsAt !== undefined && hasStatus(connection, 'Approved') && new Date(endsAt) <= now;
}
