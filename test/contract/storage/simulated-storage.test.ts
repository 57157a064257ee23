import { createSimulatedAccount } from '../../../dev/explore/storage/account';
import type { StorageCall } from '../../../dev/explore/storage/call';
import { createSimulatedClients } from '../../../dev/explore/storage/clients';
import { createStorage, defaultStorageNames as names } from '../../../src/azure/storage/storage';
import { defaultLeaseTimes } from '../../../src/azure/storage/target-lease';
import { sha256Hex } from '../../../src/base/digest';
import { FakeClock } from '../../support/fakes/fake-clock';
import { ledgerContract } from '../suites/ledger';
import { limitStoreContract } from '../suites/limit-store';
import { listStoreContract } from '../suites/list-store';
import { operationStoreContract } from '../suites/operation-store';
import {
  alarmContract,
  outcomeQueueContract,
  reviewQueueContract,
  type QueueHarness,
} from '../suites/queues';
import { spareQueueContract } from '../suites/spare-queue';
import { policyMemoryContract } from '../suites/policy-memory';
import { sweepJournalContract } from '../suites/sweep-journal';
import { targetLeaseContract } from '../suites/target-lease';
import { tenantMemoryContract } from '../suites/tenant-memory';

// The app's own adapters, over simulated storage, keep the contracts that they keep over Azurite.

operationStoreContract('TableOperationStore, simulated,', () => open().operationStore);

limitStoreContract('TableLimitStore, simulated,', () => open().limits);
listStoreContract('TableListStore, simulated,', () => open().listStore);

sweepJournalContract('TableSweepJournal, simulated,', () => open().sweepJournal);
policyMemoryContract('TablePolicyMemory, simulated,', () => open().policyMemory);
tenantMemoryContract('TableTenantMemory, simulated,', () => open().tenantMemory);

ledgerContract('TableLedger, simulated,', () => {
  const { ledger } = open();
  return { ledger, records: () => collect(ledger.read()) };
});

reviewQueueContract('StorageReviewQueue, simulated,', () => {
  const storage = open();
  return harnessOf(storage, storage.reviewQueue, names.reviewsQueue);
});

alarmContract('StorageAlarm, simulated,', () => {
  const storage = open();
  return harnessOf(storage, storage.alarm, names.operationsQueue);
});

outcomeQueueContract('StorageOutcomeQueue, simulated,', () => {
  const storage = open();
  return harnessOf(storage, storage.outcomeQueue, names.outcomesQueue);
});

spareQueueContract('StorageSpareQueue, simulated,', () => {
  const storage = open();
  const takeAll = async (): Promise<void> => storage.account.queue(names.reviewsQueue).clear();
  return { ...harnessOf(storage, storage.spares.reviews, names.reviewsQueue), takeAll };
});

targetLeaseContract('BlobTargetLease, simulated,', () => {
  const { targetLease, account, clock } = open();
  const { leaseSeconds, marginSeconds } = defaultLeaseTimes;
  return {
    lease: targetLease,
    clock,
    openSeconds: leaseSeconds - marginSeconds,
    takeAway: async (target) =>
      void account.container(names.leasesContainer).breakLease(sha256Hex(target.key), 0),
  };
});

const atOnce: StorageCall = async (_, effect) => effect();

function open() {
  const clock = new FakeClock();
  const account = createSimulatedAccount({ now: () => clock.now().getTime(), random: () => 0.5 });
  const clients = createSimulatedClients({ account, call: atOnce, clock });
  return { ...createStorage({ clients, clock }), account, clock };
}

function harnessOf<Port>(
  { account }: Pick<ReturnType<typeof open>, 'account'>,
  port: Port,
  name: string,
): QueueHarness<Port> {
  const queue = account.queue(name);
  return {
    queue: port,
    receive: async () =>
      queue
        .receive({ count: 32 })
        .map(({ text }): unknown => JSON.parse(Buffer.from(text, 'base64').toString('utf8'))),
    count: async () => queue.snapshot().length,
  };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
