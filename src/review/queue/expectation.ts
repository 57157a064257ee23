import { addSeconds } from '../../base/clock';
import { hasStatus } from '../../connections/connection';
import { goneStatus, type ConnectionState } from '../../operations/operation';
import type { ReviewRequest } from './review-request';

/**
 * How long a review looks for an announced connection. It may appear many minutes after its event:
 * more than ten were recorded on API Management.
 */
export const lookForSeconds = 20 * 60;
/** How late Event Grid may deliver an event whose effect a review has already seen. */
const lateSeconds = 60;

/**
 * Tells whether what a hint announced has been seen, whatever its status is now, even if it was
 * decided or went away since the event. True for a hint that announced nothing.
 */
export function isExpectationMet(
  { expects, lookUntil }: Pick<ReviewRequest, 'expects' | 'lookUntil'>,
  connectionStates: readonly Pick<ConnectionState, 'endpointKey' | 'status' | 'firstSeen'>[],
): boolean {
  if (expects === undefined) return true;
  const since =
    lookUntil === undefined ? undefined : addSeconds(new Date(lookUntil), -lookForSeconds - lateSeconds);
  return connectionStates.some(({ endpointKey, status, firstSeen }) => {
    const isRecent = since !== undefined && new Date(firstSeen) >= since;
    if (expects === 'any') return isRecent || hasStatus({ status }, 'Pending');
    return endpointKey === expects && (isRecent || status !== goneStatus);
  });
}
