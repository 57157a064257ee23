import type { RequestRecord } from '../../dev/azure';
import type { StorageRequest } from '../system/recording-storage';
import { ownRequests } from '../system/own-requests';

/** The cost of one review, including the host's part. */
export interface ReviewCost {
  /** Billed operations, without reads of queues that found no message. */
  readonly storageOperations: number;
  /** Bytes read from tables, which hold what is known about the target. */
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

/**
 * Returns whether the host has deleted the message, which happens last, after the deletion of its spare copy.
 */
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

/** Counts the reviews of a target. Each review lists the connections once. */
export function targetReviews(arm: readonly RequestRecord[], targetId: string): number {
  const list = `${targetId}/privateEndpointConnections`.toLowerCase();
  return ownRequests(arm).filter(
    ({ method, path }) => method === 'GET' && path.toLowerCase().split('?')[0] === list,
  ).length;
}
