import { bucketOf } from '../../../../src/operations/pace/duration-histogram';
import { kindKey } from '../../../../src/operations/pace/duration-store';
import {
  durationCount,
  histogramOf,
  recordedDurations,
  recordedHistogram,
  tableOf,
} from '../../../../src/operations/pace/recorded-durations';

const approve = {
  type: 'Contoso.Data/stores',
  effect: 'approve',
  recorded: '2026',
  from: 40,
  to: 40,
} as const;
const reject = { ...approve, effect: 'reject', from: 90, to: 90 } as const;

test('the table holds a row of equal parts for each type and effect, learned from their operations alone', () => {
  const table = tableOf([
    approve,
    approve,
    reject,
    { ...approve, type: 'Contoso.Data/others', from: 9, to: 9 },
  ]);
  expect(Object.keys(table)).toEqual(['contoso.data/stores', 'contoso.data/others']);
  const { approve: approvals = [], reject: rejections = [], ...others } = table['contoso.data/stores'] ?? {};
  expect(others).toEqual({});
  expect(approvals).toHaveLength(durationCount);
  for (const duration of approvals) expect(bucketOf(duration)).toBe(bucketOf(40));
  for (const duration of rejections) expect(bucketOf(duration)).toBe(bucketOf(90));
});

test('spans that overlap are learned until it shows where', () => {
  const spans = [
    { from: 10, to: 33 },
    { from: 30, to: 60 },
  ];
  const { weights } = histogramOf(spans);
  const heaviest = [...weights].toSorted(([, one], [, other]) => other - one)[0]?.[0];
  expect(heaviest).toBe(bucketOf(31));
});

test('what was recorded begins the learning with the weight of four operations', () => {
  const kind = { type: 'Microsoft.KeyVault/vaults', effect: 'approve' } as const;
  const { weights } = recordedHistogram(kind);
  expect([...weights.values()].reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(4, 6);
  expect([...weights.keys()]).toEqual([...new Set(recordedDurations(kind).map(bucketOf))]);
});

test('the shipped durations are what a person would expect of a vault, a disk access and API Management', () => {
  const middle = (type: string, effect: 'approve' | 'reject'): number | undefined =>
    recordedDurations({ type, effect } as Parameters<typeof recordedDurations>[0])[6];
  expect(middle('Microsoft.KeyVault/vaults', 'approve')).toBeCloseTo(40, -1);
  expect(middle('microsoft.compute/diskaccesses', 'reject')).toBeCloseTo(30, -1);
  expect(middle('Microsoft.ApiManagement/service', 'approve')).toBeCloseTo(160, -1);
});

test('a kind of write has one key in any casing of its type, and effects have different ones', () => {
  const vault = { type: 'Microsoft.KeyVault/vaults', effect: 'approve' } as const;
  expect(kindKey(vault)).toBe('microsoft.keyvault/vaults|approve');
  expect(kindKey({ ...vault, effect: 'delete' })).not.toBe(kindKey(vault));
});
