import { flagsOf } from '../../../src/report/flag-row';
import { flagMeanings, flags, flagWords } from '../../../src/report/flags';
import type { ReportRow } from '../../../src/report/row';

const now = new Date('2026-03-01T12:00:00Z');
const verdict = (effect: 'approve' | 'reject' | 'delete' | 'hold' | 'none') => ({
  effect,
  rules: [],
  reason: '',
});
const row: Omit<ReportRow, 'flags'> = {
  connection: 'c',
  target: 't',
  type: 'x',
  subscription: 's',
  status: 'Approved',
  groupIds: [],
  message: '',
  endpoint: { id: 'e', subscription: 's', tenantId: 'own', tenant: 'own' },
  decision: { source: 'rule' },
  policy: { now: verdict('none'), asRequest: verdict('approve') },
};
const { endpoint } = row;

test('a connection that is in order has no flag', () => {
  expect(flagsOf(row, now)).toEqual([]);
});

test.each<[string, Partial<ReportRow>, readonly string[]]>([
  ['of another tenant', { endpoint: { ...endpoint!, tenant: 'other' } }, ['foreign']],
  ['of a tenant that is not known', { endpoint: { ...endpoint!, tenant: undefined } }, ['tenantUnknown']],
  [
    'of Microsoft, without a proof',
    { endpoint: { ...endpoint!, tenant: 'microsoft' } },
    ['requesterUnknown'],
  ],
  [
    'of Microsoft, with a proof',
    { endpoint: { ...endpoint!, tenant: 'microsoft' }, requester: { id: 'r', type: 'x', subscription: 's' } },
    [],
  ],
  ['without any record', { decision: { source: 'none' } }, ['neverReviewed']],
  ['of which nothing is known', { decision: { source: 'unknown' } }, []],
  ['answered in the portal', { decision: { source: 'elsewhere' } }, ['elsewhere']],
  [
    'that the policy would hold',
    { policy: { now: verdict('none'), asRequest: verdict('hold') } },
    ['policyDiffers'],
  ],
  [
    'that the policy would remove',
    { policy: { now: verdict('delete'), asRequest: verdict('approve') } },
    ['policyRemoves'],
  ],
  ['that is rejected, as the policy says', { status: 'Rejected', policy: { now: verdict('reject') } }, []],
  ['that ends', { endsAt: '2026-03-02T12:00:00Z' }, ['ends']],
  ['that has ended', { endsAt: '2026-03-01T12:00:00Z' }, ['ends', 'overdue']],
  ['that had an end and is rejected', { status: 'Rejected', endsAt: '2026-03-01T12:00:00Z' }, []],
  ['that is disconnected', { status: 'disconnected' }, ['orphan']],
  ['without an endpoint', { endpoint: undefined }, ['orphan']],
  ['without a policy', { policy: undefined }, []],
])('a connection %s', (_, changes, expected) => {
  expect(flagsOf({ ...row, ...changes }, now)).toEqual(expected);
});

test('each flag has words and a meaning', () => {
  expect(Object.keys(flagWords)).toEqual([...flags]);
  expect(Object.keys(flagMeanings)).toEqual([...flags]);
});
