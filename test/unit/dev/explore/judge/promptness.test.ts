import type { HistoryEntry } from '../../../../../dev/chaos/recorder';
import { latecomers } from '../../../../../dev/explore/judge/promptness';
import type { FaultKind } from '../../../../../dev/explore/world/faults';

const minute = 60_000;
const id = '/subscriptions/s/vaults/kv/privateEndpointConnections/one';

function entry(atMinutes: number, status: string, by?: string): HistoryEntry {
  return { atMs: atMinutes * minute, connectionId: id, endpointId: '/endpoint', status, by };
}

function late(
  history: readonly HistoryEntry[],
  told: readonly number[],
  faults: readonly FaultKind[] = [],
  silent: readonly string[] = [],
  standstills: readonly (readonly [from: number, until: number])[] = [],
  kind = 'decided',
): readonly string[] {
  const ledger = told.map((at) => ({ connection: id.toUpperCase(), atMs: at * minute, kind }));
  return latecomers({
    faults: new Set(faults),
    silent: new Set(silent),
    history,
    ledger,
    standstills: standstills.map(([from, until]) => ({ fromMs: from * minute, untilMs: until * minute })),
    nowMs: 600 * minute,
  }).map(({ what }) => what);
}

test('a request that was looked at within half an hour is none', () => {
  expect(late([entry(10, 'Pending')], [40])).toEqual([]);
});

test('one that was looked at later is one, and so is one that never was', () => {
  expect(late([entry(10, 'Pending')], [41])).toEqual(['one waited 31 minutes until somebody looked at it']);
  expect(late([entry(10, 'Pending')], [9])).toEqual(['one waited 590 minutes until somebody looked at it']);
});

test('what went away, or was answered by somebody, within that time needed nobody', () => {
  expect(late([entry(10, 'Pending'), entry(39, 'gone')], [])).toEqual([]);
  expect(late([entry(10, 'Pending'), entry(41, 'gone')], [])).toHaveLength(1);
});

test('only requests count, and only where nothing hinders the app', () => {
  expect(late([entry(10, 'Pending', 'somebody')], [])).toEqual([]);
  expect(late([entry(10, 'Approved')], [])).toEqual([]);
  expect(late([entry(10, 'Pending')], [], [], ['/endpoint'])).toEqual([]);
  expect(late([entry(10, 'Pending')], [], ['events-lost'])).toEqual([]);
  expect(late([entry(10, 'Pending')], [], ['events-twice', 'arm-slow'])).toHaveLength(1);
});

test('a request that is made again soon may look like the old one, which somebody has looked at', () => {
  expect(late([entry(10, 'Pending'), entry(12, 'gone'), entry(14, 'Pending')], [10])).toEqual([]);
  expect(late([entry(10, 'Pending'), entry(12, 'gone'), entry(40, 'Pending')], [10])).toHaveLength(1);
});

test('the time within which the policy does not load counts for nobody', () => {
  const asked = [entry(10, 'Pending')];
  const whileBroken = (told: number, ...spans: readonly (readonly [number, number])[]): readonly string[] =>
    late(asked, [told], [], [], spans);
  expect(whileBroken(60, [0, 31])).toEqual([]);
  expect(whileBroken(60, [0, 20], [25, 36])).toEqual([]);
  expect(whileBroken(60, [0, 29])).toHaveLength(1);
  expect(whileBroken(60, [60, 200])).toHaveLength(1);
  expect(late(asked, [], [], [], [[20, Infinity]])).toEqual([]);
});

test('nor does a request whose connection still had an operation that ended at its deadline', () => {
  expect(late([entry(10, 'Pending')], [70, 71], [], [], [], 'expired')).toEqual([]);
  expect(late([entry(10, 'Pending')], [70, 71], [], [], [], 'failed')).toHaveLength(1);
});
