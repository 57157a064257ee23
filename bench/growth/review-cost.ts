import type { RequestRecord } from '../../dev/azure';
import type { StorageRequest } from '../flow/recording-storage';
import { ownRequests } from '../system/own-requests';

/** What one review costs, the host's part in it included. */
export interface ReviewCost {
  /** What the account is charged for, but for looks into queues that found nothing. */
  readonly storageOperations: number;
  /** Of tables alone: what is read there is what is known of the target. */
  readonly tableBytesRead: number;
  readonly armRequests: number;
}

export function costOf(storage: readonly StorageRequest[], arm: readonly RequestRecord[]): ReviewCost {
  const busy = storage.filter(({ isIdle }) => !isIdle);
  const reads = busy.filter(({ service, method }) => service === 'table' && method === 'GET');
  return {
    storageOperations: busy.length,
    tableBytesRead: reads.reduce((sum, { answerBytes }) => sum + answerBytes, 0),
    armRequests: ownRequests(arm).length,
  };
}

/** Tells whether the host has removed the message: that comes last, behind the removal of the message's spare copy. */
export function hasEnded(storage: readonly StorageRequest[]): boolean {
  const isRemoval = ({ service, method, path }: StorageRequest): boolean =>
    service === 'queue' && method === 'DELETE' && path.startsWith('/reviews/messages/');
  return storage.filter(isRemoval).length >= 2;
}

export function removedRows(storage: readonly StorageRequest[]): number {
  const isRemoval = ({ service, method, status }: StorageRequest): boolean =>
    service === 'table' && method === 'DELETE' && status === 204;
  return storage.filter(isRemoval).length;
}

/** Counts the reviews of a target: each lists its connections once. */
export function targetReviews(arm: readonly RequestRecord[], targetId: string): number {
  const list = `${targetId}/privateEndpointConnections`.toLowerCase();
  return ownRequests(arm).filter(
    ({ method, path }) => method === 'GET' && path.toLowerCase().split('?')[0] === list,
  ).length;
}
