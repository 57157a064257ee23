import fc from 'fast-check';
import { createSimulatedAccount } from '../../../dev/explore/storage/account';
import { createSimulatedClients } from '../../../dev/explore/storage/clients';
import { startAzurite, type RunningAzurite } from '../../../dev/lib/azurite';
import { createStorageClients } from '../../../src/azure/storage/clients';
import { sleep, systemClock } from '../../../src/base/clock';
import { blobSequences, type BlobStep, playOnContainer } from './sequences/blobs';
import { type TestedAccount, withoutRepeatedId } from './sequences/outcome';
import { playOnQueue, queueSequences, type QueueStep } from './sequences/queues';
import { playOnTable, tableSequences } from './sequences/tables';

// The same calls come to the same on simulated storage and on Azurite, through the SDKs.

let azurite: RunningAzurite;
let count = 0;

beforeAll(async () => {
  azurite = await startAzurite();
});

afterAll(() => azurite.close());

const sample = { numRuns: 20, seed: 20_261_130 };

test('a table: 20 sequences of 25 calls of two processes', async () => {
  await fc.assert(
    fc.asyncProperty(tableSequences, async (steps) => {
      const name = `table${(count += 1)}`;
      expect(await playOnTable(simulated(), name, steps)).toEqual(await playOnTable(real(), name, steps));
    }),
    sample,
  );
});

test('a queue: 20 sequences of 25 calls of two processes', async () => {
  await fc.assert(
    fc.asyncProperty(queueSequences, async (steps) => {
      const expected = await withoutRepeatedId(() => playOnQueue(real(), `queue-${(count += 1)}`, steps));
      expect(await playOnQueue(simulated(), 'queue', steps)).toEqual(expected);
    }),
    sample,
  );
});

test('blobs and leases: 20 sequences of 25 calls of two processes', async () => {
  await fc.assert(
    fc.asyncProperty(blobSequences, async (steps) => {
      const name = `container-${(count += 1)}`;
      const expected = await playOnContainer(real(), name, steps);
      expect(await playOnContainer(simulated(), name, steps)).toEqual(expected);
    }),
    sample,
  );
});

const blob = { process: 0, blob: 'one' } as const;
const other = { process: 1, blob: 'one' } as const;
const anyBlob: readonly BlobStep[] = [
  { ...blob, step: 'create' },
  { ...blob, step: 'upload', onlyIfMissing: true, content: '' },
];

test.concurrent.each<{ readonly name: string; readonly steps: readonly BlobStep[] }>([
  {
    name: 'a lease that is not renewed expires, and is taken by another',
    steps: [
      { ...blob, step: 'acquire', seconds: 15 },
      { ...blob, step: 'wait', seconds: 15 },
      { ...other, step: 'acquire', seconds: 60 },
      { ...blob, step: 'renew' },
      { ...blob, step: 'release' },
      { ...other, step: 'renew' },
    ],
  },
  {
    name: 'an expired lease is renewed by its holder',
    steps: [
      { ...blob, step: 'acquire', seconds: 15 },
      { ...blob, step: 'wait', seconds: 15 },
      { ...blob, step: 'renew' },
    ],
  },
  {
    name: 'an expired lease is released by its holder',
    steps: [
      { ...blob, step: 'acquire', seconds: 15 },
      { ...blob, step: 'wait', seconds: 15 },
      { ...blob, step: 'release' },
      { ...blob, step: 'renew' },
    ],
  },
  {
    name: 'a write to the blob forgets an expired lease',
    steps: [
      { ...blob, step: 'acquire', seconds: 15 },
      { ...blob, step: 'wait', seconds: 15 },
      { ...blob, step: 'upload', onlyIfMissing: false, content: '{}' },
      { ...blob, step: 'renew' },
      { ...other, step: 'acquire', seconds: 60 },
    ],
  },
  {
    name: 'an expired lease that is broken is broken',
    steps: [
      { ...blob, step: 'acquire', seconds: 15 },
      { ...blob, step: 'wait', seconds: 15 },
      { ...other, step: 'break', seconds: undefined },
      { ...blob, step: 'renew' },
      { ...other, step: 'acquire', seconds: 60 },
    ],
  },
  {
    name: 'a breaking lease ends by itself',
    steps: [
      { ...blob, step: 'acquire', seconds: -1 },
      { ...other, step: 'break', seconds: 1 },
      { ...blob, step: 'wait', seconds: 1 },
      { ...blob, step: 'renew' },
      { ...other, step: 'acquire', seconds: 60 },
    ],
  },
])('in time, $name', async ({ steps }) => {
  const name = `container-${(count += 1)}`;
  const expected = await playOnContainer(real(), name, [...anyBlob, ...steps]);
  expect(await playOnContainer(simulated(), name, [...anyBlob, ...steps])).toEqual(expected);
});

const sent: QueueStep = { process: 0, step: 'send', text: 'one', hidden: undefined, lifetime: -1 };
const received: QueueStep = { process: 1, step: 'receive', count: 32, hidden: 600 };

test.concurrent.each<{ readonly name: string; readonly steps: readonly QueueStep[] }>([
  {
    name: 'a message that was received and not deleted comes again, under another receipt',
    steps: [
      sent,
      { process: 0, step: 'receive', count: 1, hidden: 1 },
      { process: 0, step: 'wait', seconds: 1 },
      received,
      { process: 0, step: 'delete', message: 0 },
      { process: 1, step: 'delete', message: 0 },
    ],
  },
  {
    name: 'a message that nobody received since is still deleted by its old receipt',
    steps: [
      sent,
      { process: 0, step: 'receive', count: 1, hidden: 1 },
      { process: 0, step: 'wait', seconds: 1 },
      { process: 0, step: 'delete', message: 0 },
      { process: 0, step: 'count' },
    ],
  },
  {
    name: 'messages come by the time at which they became visible',
    steps: [
      { process: 0, step: 'send', text: 'late', hidden: 3, lifetime: -1 },
      { process: 0, step: 'send', text: 'soon', hidden: 1, lifetime: -1 },
      { process: 0, step: 'wait', seconds: 3 },
      sent,
      received,
    ],
  },
  {
    name: 'a message ends with its lifetime',
    steps: [
      { process: 0, step: 'send', text: 'short', hidden: undefined, lifetime: 1 },
      sent,
      { process: 0, step: 'wait', seconds: 1 },
      received,
      { process: 0, step: 'delete', message: 0 },
    ],
  },
])('in time, $name', async ({ steps }) => {
  const all: readonly QueueStep[] = [{ process: 0, step: 'create' }, ...steps];
  const expected = await withoutRepeatedId(() => playOnQueue(real(), `queue-${(count += 1)}`, all));
  expect(await playOnQueue(simulated(), 'queue', all)).toEqual(expected);
});

/** Azurite, whose clock is the machine's. */
function real(): TestedAccount {
  const access = { kind: 'connectionString', connectionString: azurite.connectionString } as const;
  return {
    clients: createStorageClients(access, systemClock),
    tick: async () => {
      const before = Date.now();
      while (Date.now() === before) await new Promise((resolve) => setImmediate(resolve));
    },
    wait: (seconds) => sleep(systemClock, seconds + 0.1),
  };
}

/** An account of its own, whose clock moves with each step. */
function simulated(): TestedAccount {
  let nowMs = Date.parse('2026-01-05T12:00:00.000Z');
  const account = createSimulatedAccount({ now: () => nowMs, random: () => 0.5 });
  return {
    clients: createSimulatedClients({
      account,
      call: async (_, effect) => effect(),
      clock: systemClock,
    }),
    tick: async () => void (nowMs += 1),
    wait: async (seconds) => void (nowMs += seconds * 1000),
  };
}
