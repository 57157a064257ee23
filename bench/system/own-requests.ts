import { localIdentity, type RequestRecord } from '../../dev/azure';

/** Returns the ARM requests with the app's identity: those of the app, or of a script in its place. */
export function ownRequests(records: readonly RequestRecord[]): readonly RequestRecord[] {
  return records.filter(({ area, principal }) => area === 'arm' && principal === localIdentity.objectId);
}
