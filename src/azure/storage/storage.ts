import type { Clock } from '../../base/clock';
import type { StorageClients } from './clients';
import { QueueSender, StorageAlarm, StorageOutcomeQueue, StorageReviewQueue } from './queues';
import { StorageSpareQueue } from './spare-queue';
import { TableDurationStore } from './tables/duration-store';
import { TableLedger } from './tables/ledger';
import { TableListStore } from './tables/list-store';
import { TableLimitStore } from './tables/limit-store';
import { TableOperationStore } from './tables/operation-store';
import { TablePolicyMemory } from './tables/policy-memory';
import { TableSweepJournal } from './tables/sweep-journal';
import { TableTenantMemory } from './tables/tenant-memory';
import { BlobTargetLease, defaultLeaseTimes, type LeaseTimes } from './target-lease';

/** The names in the storage account. Those of queues and tables need at least three characters. */
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
  readonly clients: StorageClients;
  readonly clock: Clock;
  readonly names?: Partial<StorageNames>;
  readonly leaseTimes?: LeaseTimes;
}

export interface Storage {
  readonly operationStore: TableOperationStore;
  readonly limits: TableLimitStore;
  readonly sweepJournal: TableSweepJournal;
  readonly policyMemory: TablePolicyMemory;
  readonly tenantMemory: TableTenantMemory;
  readonly durationStore: TableDurationStore;
  readonly listStore: TableListStore;
  readonly ledger: TableLedger;
  readonly reviewQueue: StorageReviewQueue;
  readonly alarm: StorageAlarm;
  readonly outcomeQueue: StorageOutcomeQueue;
  readonly targetLease: BlobTargetLease;
  /** The queues that functions read, for spare copies of messages under work. */
  readonly spares: Readonly<Record<SpareQueueName, StorageSpareQueue>>;
}

export type SpareQueueName = 'reviews' | 'operations' | 'outcomes' | 'reviewsPoison' | 'operationsPoison';

/** Creates the ports to the storage account. Nothing is sent, and no SDK loaded, until a port is used. */
export function createStorage({
  clients,
  clock,
  names,
  leaseTimes = defaultLeaseTimes,
}: StorageOptions): Storage {
  const all = { ...defaultStorageNames, ...names };
  const sender = (name: string): QueueSender => new QueueSender(clients.queue(name));
  const spareIn = (name: string): StorageSpareQueue => new StorageSpareQueue(sender(name));
  return {
    operationStore: new TableOperationStore(clients.table(all.operationsTable)),
    limits: new TableLimitStore(clients.table(all.operationsTable)),
    sweepJournal: new TableSweepJournal(clients.table(all.operationsTable)),
    policyMemory: new TablePolicyMemory(clients.table(all.operationsTable)),
    tenantMemory: new TableTenantMemory(clients.table(all.operationsTable)),
    durationStore: new TableDurationStore(clients.table(all.operationsTable)),
    listStore: new TableListStore(clients.table(all.operationsTable)),
    ledger: new TableLedger(clients.table(all.ledgerTable)),
    reviewQueue: new StorageReviewQueue(sender(all.reviewsQueue)),
    alarm: new StorageAlarm(sender(all.operationsQueue)),
    outcomeQueue: new StorageOutcomeQueue(sender(all.outcomesQueue)),
    targetLease: new BlobTargetLease(clients.container(all.leasesContainer), clock, leaseTimes),
    spares: {
      reviews: spareIn(all.reviewsQueue),
      operations: spareIn(all.operationsQueue),
      outcomes: spareIn(all.outcomesQueue),
      reviewsPoison: spareIn(`${all.reviewsQueue}-poison`),
      operationsPoison: spareIn(`${all.operationsQueue}-poison`),
    },
  };
}
