import { goalsOf, rateTable, storageTable, type Measured } from '../../../bench/flow/report';
import type { SideRun } from '../../../bench/flow/side';
import { operationsPerPoll } from '../../../bench/flow/waiting-poll';
import { pollTimes } from '../../../bench/system/poll-times';
import { isMet } from '../../../bench/report/part';
import { tableText } from '../../../bench/report/table';

function side(rate: number): SideRun {
  const cost = {
    processorMs: 1,
    hostProcessorMs: 1,
    allProcessorMs: 1,
    armRequests: 4,
    storageOperations: 12,
  };
  return { connections: 1, seconds: 1, rate, ...cost };
}

const storage = { alone: 12, amongMany: 11.5, waitingPoll: 4 };
const good: Measured = {
  app: [side(27), side(270), side(40)],
  floor: [side(30), side(300), side(50)],
  first: [side(20), side(200), side(10)],
  storage,
  firstStorage: { alone: 19, amongMany: 17.25, waitingPoll: 5 },
};
const missed = (measured: Measured): readonly string[] =>
  goalsOf(measured).flatMap((goal) => (isMet(goal) ? [] : [goal.what.slice(0, 60)]));

test('rates are compared run by run, because the machine may be slower in one of them', () => {
  const [share, gain] = goalsOf(good);
  expect(share?.measured).toBeCloseTo(0.9);
  expect(gain?.measured).toBeCloseTo(1.35);
  expect(missed(good)).toEqual([]);
});

test.each<[string, Partial<Measured>, string]>([
  ['the bare script is much faster', { floor: [side(34), side(340), side(51)] }, 'bare script'],
  ['version 0.1.0 is nearly as fast', { first: [side(21), side(210), side(10)] }, 'as a multiple'],
  ['one connection costs more', { storage: { ...storage, alone: 13 } }, 'alone'],
  ['many connections cost more', { storage: { ...storage, amongMany: 12.1 } }, 'among many'],
  ['a waiting poll costs more', { storage: { ...storage, waitingPoll: 4.2 } }, 'poll that waits'],
])('if %s, one goal is missed', (_, change, what) => {
  const named = goalsOf({ ...good, ...change }).filter((goal) => !isMet(goal));
  expect(named).toEqual([expect.objectContaining({ what: expect.stringContaining(what) as string })]);
});

test('a figure that could not be measured meets no goal', () => {
  expect(missed({ ...good, storage: { ...storage, waitingPoll: NaN } })).toHaveLength(1);
});

test('without version 0.1.0 its rows and its goal are left out, and nothing else', () => {
  const alone: Measured = { ...good, first: [], firstStorage: undefined };
  expect(goalsOf(alone)).toHaveLength(goalsOf(good).length - 1);
  expect(tableText(rateTable(alone))).not.toContain('0.1.0');
  expect(tableText(storageTable(alone))).not.toContain('0.1.0');
  expect(tableText(rateTable(good))).toContain('version 0.1.0');
  expect(tableText(storageTable(good))).toContain('| a decided connection, alone | 12.00 | 19.00 |');
});

const call = (method: string, startedRealMs: number) => ({ method, startedRealMs });

test('a poll is what follows the write; requests that follow each other at once are one poll', () => {
  const ours = [call('GET', 0), call('GET', 1), call('PUT', 5), call('GET', 1_000), call('GET', 1_030)];
  expect(pollTimes([...ours, call('GET', 2_000), call('GET', 2_400), call('GET', 4_000)])).toEqual([
    1_000, 2_000, 4_000,
  ]);
  expect(pollTimes([call('GET', 0), call('GET', 900)])).toEqual([]);
});

test('operations per poll are those from the first poll to the last, by their number', () => {
  const storage = [500, 1_000, 1_010, 1_900, 2_100, 2_990, 3_000, 3_010].map((startedMs) => ({ startedMs }));
  expect(operationsPerPoll(storage, [1_000, 2_000, 3_000])).toBe(2.5);
  expect(operationsPerPoll(storage, [1_000])).toBeNaN();
});
