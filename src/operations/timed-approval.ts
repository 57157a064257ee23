import { hasStatus, type Connection } from '../connections/connection';
import type { Sighting } from './operation';

/** When the approval that stands ends; `undefined` while none with an end was applied. ISO 8601. */
export function endOfApproval(sighting: Sighting): string | undefined {
  const { approval, operation } = sighting;
  if (approval === undefined) return undefined;
  const wasApplied = operation?.effect === 'approve' && operation.state === 'applied';
  return wasApplied || hasStatus(sighting, 'Approved') ? approval.endsAt : undefined;
}

/** Whether the connection, as it was just read, stands on an approval whose time is over. */
export function hasOutlivedApproval(
  connection: Connection,
  sighting: Sighting | undefined,
  now: Date,
): boolean {
  const endsAt = sighting?.approval?.endsAt;
  return endsAt !== undefined && hasStatus(connection, 'Approved') && new Date(endsAt) <= now;
}
