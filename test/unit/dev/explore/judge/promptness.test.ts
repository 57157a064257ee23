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
): readonly string[] {
  const ledger = told.map((at) => ({ connection: id.toUpperCase(), atMs: at * minute }));
  return latecomers({
    faults: new Set(faults),
    silent: new Set(silent),
    history,
    ledger,
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
