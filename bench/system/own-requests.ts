import { localIdentity, type RequestRecord } from '../../dev/azure';

/** Selects the requests to ARM that carry the app's identity: the app's own, or those of a script in its place. */
export function ownRequests(records: readonly RequestRecord[]): readonly RequestRecord[] {
  return records.filter(({ area, principal }) => area === 'arm' && principal === localIdentity.objectId);
}
