import type { Clock } from '../clock';
import type { LeaseTimes } from './blob-held-lease';
import { BlobTargetLease, defaultLeaseTimes } from './blob-target-lease';
import { StorageAlarm, StorageOutcomeQueue, StorageReviewQueue } from './queue-ports';
import { QueueSender } from './queue-sender';
import type { StorageAccess } from './storage-access';
import { createStorageClients } from './storage-clients';
import { TableLedger } from './table-ledger';
import { TableLimitStore } from './table-limit-store';
import { TableOperationStore } from './table-operation-store';
import { TableSweepJournal } from './table-sweep-journal';

/** What things are called in the storage account. Queue and table names need three characters at least. */
export interface StorageNames {
  readonly operationsTable: string;
  readonly ledgerTable: string;
  readonly reviewsQueue: string;
  readonly operationsQueue: string;
  readonly outcomesQueue: string;
  readonly leasesContainer: string;
}

export const defaultStorageNames: StorageNames = {
  operationsTable: 'operations',
  ledgerTable: 'ledger',
  reviewsQueue: 'reviews',
  operationsQueue: 'operations',
  outcomesQueue: 'outcomes',
  leasesContainer: 'leases',
};

export interface StorageOptions {
  readonly access: StorageAccess;
  readonly clock: Clock;
  readonly names?: Partial<StorageNames>;
  readonly leaseTimes?: LeaseTimes;
}

export interface Storage {
  readonly operationStore: TableOperationStore;
  readonly limits: TableLimitStore;
  readonly sweepJournal: TableSweepJournal;
  readonly ledger: TableLedger;
  readonly reviewQueue: StorageReviewQueue;
  readonly alarm: StorageAlarm;
  readonly outcomeQueue: StorageOutcomeQueue;
  readonly targetLease: BlobTargetLease;
}

/** The ports that live in the storage account. Sends nothing and loads no SDK until a port is used. */
export function createStorage({
  access,
  clock,
  names,
  leaseTimes = defaultLeaseTimes,
}: StorageOptions): Storage {
  const all = { ...defaultStorageNames, ...names };
  const clients = createStorageClients(access);
  return {
    operationStore: new TableOperationStore(clients.table(all.operationsTable)),
    limits: new TableLimitStore(clients.table(all.operationsTable)),
    sweepJournal: new TableSweepJournal(clients.table(all.operationsTable)),
    ledger: new TableLedger(clients.table(all.ledgerTable)),
    reviewQueue: new StorageReviewQueue(new QueueSender(clients.queue(all.reviewsQueue))),
    alarm: new StorageAlarm(new QueueSender(clients.queue(all.operationsQueue))),
    outcomeQueue: new StorageOutcomeQueue(new QueueSender(clients.queue(all.outcomesQueue))),
    targetLease: new BlobTargetLease(clients.container(all.leasesContainer), clock, leaseTimes),
  };
}
