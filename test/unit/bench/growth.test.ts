import { localIdentity, type RequestRecord } from '../../../dev/azure';
import type { StorageRequest } from '../../../bench/system/recording-storage';
import { burstTable, costTable, goalsOf, leftTable, timesAsMuch } from '../../../bench/growth/report';
import { costOf, hasEnded, removedRows, targetReviews } from '../../../bench/growth/review-cost';
import { isMet } from '../../../bench/report/part';
import { partText } from '../../../bench/report/report';
import { tableText } from '../../../bench/report/table';

function storage(some: Partial<StorageRequest> & Pick<StorageRequest, 'service' | 'path'>): StorageRequest {
  const rest = { headers: {}, body: '', status: 200, isIdle: false, startedMs: 0 };
  return { method: 'GET', answerBytes: 0, ...rest, ...some };
}

function arm(path: string, principal: string = localIdentity.objectId): RequestRecord {
  return { area: 'arm', method: 'GET', path, principal } as RequestRecord;
}

test('a review costs every request but looks that found nothing, and reads what tables answer', () => {
  const requests = [
    storage({ service: 'queue', path: '/reviews/messages?x', answerBytes: 700 }),
    storage({ service: 'queue', path: '/reviews/messages?x', answerBytes: 90, isIdle: true }),
    storage({ service: 'table', path: '/operations()?x', answerBytes: 1_000 }),
    storage({ service: 'table', path: '/operations()?y', answerBytes: 200 }),
    storage({ service: 'table', method: 'POST', path: '/$batch', answerBytes: 5_000 }),
  ];
  expect(costOf(requests, [arm('/a'), arm('/b', 'somebody else')])).toEqual({
    storageOperations: 4,
    tableBytesRead: 1_200,
    armRequests: 1,
  });
});

test('a review has ended when its spare copy and its message are removed, not before', () => {
  const removal = storage({ service: 'queue', method: 'DELETE', path: '/reviews/messages/1?popreceipt=x' });
  const other = storage({ service: 'queue', method: 'DELETE', path: '/operations/messages/1?popreceipt=x' });
  expect(hasEnded([removal, other])).toBe(false);
  expect(hasEnded([removal, other, removal])).toBe(true);
});

test('a row counts as removed once storage says so', () => {
  const path = "/operations(PartitionKey='p',RowKey='c')";
  const removal = { service: 'table', method: 'DELETE', path } as const;
  const requests = [storage({ ...removal, status: 204 }), storage({ ...removal, status: 412 })];
  expect(removedRows(requests)).toBe(1);
});

test('a review lists the connections of its target, however that is spelled', () => {
  const looks = [
    arm('/subscriptions/s/vaults/KV/privateEndpointConnections?api-version=1'),
    arm('/subscriptions/s/vaults/kv/privateEndpointConnections/one?api-version=1'),
    arm('/subscriptions/s/vaults/other/privateEndpointConnections?api-version=1'),
  ];
  expect(targetReviews(looks, '/subscriptions/s/vaults/kv')).toBe(1);
});

const cost = { storageOperations: 10, tableBytesRead: 1_000, armRequests: 2 };

test('one cost is as many times another as its worst figure', () => {
  expect(timesAsMuch(cost, cost)).toBe(1);
  expect(timesAsMuch({ ...cost, storageOperations: 15, tableBytesRead: 900 }, cost)).toBe(1.5);
});

const bursts = [{ kind: 'events', hints: 300, most: 300, left: 1, reviews: 4 } as const];
const gone = {
  untouched: cost,
  cameAndWent: { connections: 400, rowsLeft: 0, nextGeneration: 8, after: cost },
  leftBehind: {
    rows: 1_200,
    reviewsUntilForgotten: 3,
    rowsLeft: 0,
    nextGeneration: 2,
    first: { ...cost, tableBytesRead: 90_000 },
    after: cost,
  },
};

test('every goal is met when nothing grows', () => {
  expect(goalsOf(bursts, gone).filter((goal) => !isMet(goal))).toEqual([]);
});

test.each([
  ['three messages are left', [{ ...bursts[0]!, left: 3 }], gone],
  ['a row is left', bursts, { ...gone, cameAndWent: { ...gone.cameAndWent, rowsLeft: 1 } }],
  [
    'one more review is taken',
    bursts,
    { ...gone, leftBehind: { ...gone.leftBehind, reviewsUntilForgotten: 4 } },
  ],
  [
    'a review reads more than before',
    bursts,
    { ...gone, leftBehind: { ...gone.leftBehind, after: { ...cost, tableBytesRead: 1_100 } } },
  ],
])('if %s, one goal is missed', (_, seen, left) => {
  expect(goalsOf(seen, left).filter((goal) => !isMet(goal))).toHaveLength(1);
});

test('tables hold what was counted, beside the untouched target', () => {
  expect(tableText(burstTable(bursts))).toContain('| 300 events | 300 | 1 | 4 |');
  expect(tableText(leftTable(gone))).toContain('| 1,200 rows were left behind | 3 | 0 | 2 |');
  expect(tableText(costTable(gone))).toContain('the first review | 10 | 90,000 | 2 | 90.00 |');
});

test('a part that is counted once says so, however often others are measured', () => {
  const part = { name: 'growth', about: 'Counts.', runs: 1, tables: [], goals: [], figures: {} };
  const report = { machine: 'm', measuredAt: '2026-03-01', runs: 5, quick: false, load: 0, parts: [part] };
  expect(partText(report, part)).toContain('medians of 1 run;');
});
