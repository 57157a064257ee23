import { FakeAlarm } from '../../support/fakes/fake-alarm';
import { FakeClock } from '../../support/fakes/fake-clock';
import { FakeDurationStore } from '../../support/fakes/fake-duration-store';
import type { FakeDelayedQueue } from '../../support/fakes/fake-delayed-queue';
import { FakeLedger } from '../../support/fakes/fake-ledger';
import { FakeLimitStore } from '../../support/fakes/fake-limit-store';
import { FakeListStore } from '../../support/fakes/fake-list-store';
import { FakeOperationStore } from '../../support/fakes/fake-operation-store';
import { FakeOutcomeQueue } from '../../support/fakes/fake-outcomes';
import { FakeReviewQueue } from '../../support/fakes/fake-review-queue';
import { FakeSweepJournal } from '../../support/fakes/fake-sweep-journal';
import { FakeTargetLease } from '../../support/fakes/fake-target-lease';
import { durationStoreContract } from '../suites/duration-store';
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
import { FakePolicyMemory } from '../../support/fakes/fake-policy-memory';
import { FakeTenantMemory } from '../../support/fakes/fake-tenant-memory';
import { policyMemoryContract } from '../suites/policy-memory';
import { sweepJournalContract } from '../suites/sweep-journal';
import { targetLeaseContract } from '../suites/target-lease';
import { tenantMemoryContract } from '../suites/tenant-memory';

operationStoreContract('FakeOperationStore', () => new FakeOperationStore());

limitStoreContract('FakeLimitStore', () => new FakeLimitStore());
listStoreContract('FakeListStore', () => new FakeListStore());
durationStoreContract('FakeDurationStore', () => new FakeDurationStore());

sweepJournalContract('FakeSweepJournal', () => new FakeSweepJournal());
policyMemoryContract('FakePolicyMemory', () => new FakePolicyMemory());
tenantMemoryContract('FakeTenantMemory', () => new FakeTenantMemory());

ledgerContract('FakeLedger', () => {
  const ledger = new FakeLedger();
  return { ledger, records: async () => ledger.records };
});

reviewQueueContract('FakeReviewQueue', () => harnessOf(new FakeReviewQueue(new FakeClock())));
alarmContract('FakeAlarm', () => harnessOf(new FakeAlarm(new FakeClock())));
outcomeQueueContract('FakeOutcomeQueue', () => harnessOf(new FakeOutcomeQueue(new FakeClock())));

targetLeaseContract('FakeTargetLease', () => {
  const clock = new FakeClock();
  const lease = new FakeTargetLease(clock);
  return { lease, clock, openSeconds: 30, takeAway: async (target) => lease.expire(target) };
});

test('a fake queue gives a message out when the clock has reached it, the longest due first', async () => {
  const clock = new FakeClock();
  const alarm = new FakeAlarm(clock);
  await alarm.ring({ version: 1, connectionId: 'b', operationId: '2', poll: 0 }, 20);
  await alarm.ring({ version: 1, connectionId: 'a', operationId: '1', poll: 0 }, 10);
  clock.advance(20);
  expect(alarm.takeDue().map(({ operationId }) => operationId)).toEqual(['1', '2']);
  expect(alarm.takeDue()).toEqual([]);
});

function harnessOf<T, Port extends FakeDelayedQueue<T>>(queue: Port): QueueHarness<Port> {
  return {
    queue,
    receive: async () => queue.takeDue(),
    count: async () => queue.pending.length,
  };
}
