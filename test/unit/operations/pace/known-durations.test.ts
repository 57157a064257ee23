import { PosternError } from '../../../../src/base/errors';
import { histogramFrom, type Observation } from '../../../../src/operations/pace/duration-histogram';
import type { WriteKind } from '../../../../src/operations/pace/duration-store';
import { createKnownDurations, type LearnedWrite } from '../../../../src/operations/pace/known-durations';
import { recordedDurations } from '../../../../src/operations/pace/recorded-durations';
import { FakeClock } from '../../../support/fakes/fake-clock';
import { FakeDurationStore } from '../../../support/fakes/fake-duration-store';

const approvals: WriteKind = { type: 'Microsoft.KeyVault/vaults', effect: 'approve' };
const usual: Observation = { from: 32, to: 45 };
/** Of every four ids, one is stored. */
const stored = `04${'f'.repeat(30)}.1`;
const left = `05${'f'.repeat(30)}.1`;

function create({ usesRecorded = true, store = new FakeDurationStore(), clock = new FakeClock() } = {}) {
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const logger = { info: log, warn: log, error: log };
  const known = createKnownDurations({ store, clock, logger, usesRecorded });
  const learn = async (change: Partial<LearnedWrite> = {}): Promise<void> => {
    const durations = await known.likely(approvals);
    await known.learn({ kind: approvals, operationId: stored, durations, observation: usual, ...change });
  };
  return { known, store, clock, lines, learn };
}

test('until something is learned, the recorded durations count', async () => {
  expect(await create().known.likely(approvals)).toEqual(recordedDurations(approvals));
});

test('in a local Azure whose clock runs fast, they do not', async () => {
  expect(await create({ usesRecorded: false }).known.likely(approvals)).toEqual([]);
});

test('of a type of which nothing was recorded, nothing is known', async () => {
  const unknown = { type: 'Microsoft.Search/searchServices', effect: 'approve' } as WriteKind;
  expect(await create().known.likely(unknown)).toEqual([]);
});

test('an approval and a rejection stand for each other, but not for a deletion', () => {
  const disks = { type: 'Microsoft.Compute/diskAccesses', effect: 'approve' } as const;
  expect(recordedDurations(disks)).toEqual(recordedDurations({ ...disks, effect: 'reject' }));
  expect(recordedDurations({ ...disks, effect: 'delete' })).toEqual([]);
});

test('what one process learned, the next one knows', async () => {
  const { store, learn, clock } = create();
  for (let count = 0; count < 20; count += 1) {
    await learn({ observation: { from: 395, to: 405 } });
    clock.advance(61);
  }
  const durations = await create({ store }).known.likely(approvals);
  expect(durations.filter((duration) => duration > 350 && duration < 450).length).toBeGreaterThan(6);
});

test('a process reads the durations once an hour, and stores one in four usual ones', async () => {
  const { store, learn, known, clock } = create();
  for (let count = 0; count < 100; count += 1) {
    await learn({ operationId: `${count.toString(16).padStart(2, '0')}${'f'.repeat(30)}.1` });
    clock.advance(61);
  }
  expect(store.saves).toBe(25);
  expect(store.loads).toBe(2);
  clock.advance(3_600);
  await known.likely(approvals);
  expect(store.loads).toBe(3);
});

test('writes that begin at the same time share one reading', async () => {
  const { store, known } = create();
  await Promise.all(Array.from({ length: 24 }, () => known.likely(approvals)));
  expect(store.loads).toBe(1);
});

test('a flood of operations costs one save a minute', async () => {
  const { store, learn } = create();
  for (let count = 0; count < 1_000; count += 1) await learn({ observation: { from: 500, to: 510 } });
  expect(store.saves).toBe(1);
});

test('a duration that hardly any operation had is stored at once', async () => {
  const { store, learn, clock } = create();
  await learn({ operationId: left });
  expect(store.saves).toBe(0);
  await learn({ operationId: left, observation: { from: 300, to: 320 } });
  expect(store.saves).toBe(1);
  clock.advance(60);
  await learn({ operationId: left, observation: { from: 5, to: 8 } });
  expect(store.saves).toBe(2);
});

test('of two processes that learn at the same time, the second one loses its duration, and no more', async () => {
  const store = new FakeDurationStore();
  const clock = new FakeClock();
  const [one, other] = [create({ store, clock }), create({ store, clock })];
  await other.known.likely(approvals);
  await one.learn();
  await other.learn();
  expect(other.lines.join()).toMatch('concurrently');
  clock.advance(61);
  await other.learn();
  expect(other.lines).toHaveLength(1);
  expect(await store.load()).toHaveLength(1);
});

test.each([
  ['is unavailable', new PosternError('STORE_UNAVAILABLE', 'down')],
  ['fails in a way that nobody expects', new TypeError('odd')],
])('if storage %s, the recorded durations count, and nothing fails', async (_, error) => {
  const { store, known, lines, learn } = create();
  store.failWith(error);
  expect(await known.likely(approvals)).toEqual(recordedDurations(approvals));
  await expect(learn()).resolves.toBeUndefined();
  expect(lines).toEqual([
    expect.stringContaining('cannot be read: '),
    expect.stringContaining('microsoft.keyvault/vaults|approve took is not learned: '),
  ]);
});

test('durations that could not be read are read again after a minute', async () => {
  const { store, known, clock } = create();
  store.failWith(new PosternError('STORE_UNAVAILABLE', 'down'));
  await known.likely(approvals);
  store.failWith(undefined);
  clock.advance(59);
  await known.likely(approvals);
  expect(store.loads).toBe(1);
  clock.advance(1);
  await known.likely(approvals);
  expect(store.loads).toBe(2);
});

test('a row that was emptied counts as absent, and the next duration replaces it', async () => {
  const { store, known, learn } = create();
  await store.save({ kind: approvals, histogram: histogramFrom([]) });
  expect(await known.likely(approvals)).toEqual(recordedDurations(approvals));
  await learn();
  const [row] = await store.load();
  const weight = [...(row?.histogram.weights.values() ?? [])].reduce((sum, each) => sum + each, 0);
  expect(weight).toBeGreaterThan(4);
});

test('a clock that was set back does not stop the learning', async () => {
  const { store, learn, clock } = create();
  await learn();
  clock.advance(-7_200);
  await learn();
  expect(store.saves).toBe(2);
});
