import type { AuditRecord } from '../../../src/audit/audit-record';
import { contradicted } from '../../../src/audit/same-record';
import { sampleRecord } from '../../../dev/lib/samples';

const end: AuditRecord = {
  ...sampleRecord({ id: 'd1.1|end', kind: 'applied', reason: 'The connection was read back as Approved' }),
  operation: { attempt: 1, endedAt: '2026-01-05T12:00:05.000Z', polls: 3, lastHttpStatus: 200 },
};
const waited = sampleRecord({ id: 'd1|waited|2026-01-05', kind: 'waited' });
const found = {
  ...sampleRecord({ id: 'f1|found', kind: 'found' }),
  effect: undefined,
  decisionId: undefined,
};

describe('what a repetition may say otherwise', () => {
  test.each<[string, AuditRecord, Partial<AuditRecord>]>([
    ['when it happened', sampleRecord(), { at: '2026-01-07T12:00:00.000Z' }],
    ['a moment before, by another clock', sampleRecord(), { at: '2026-01-05T11:58:00.000Z' }],
    ['in which trace', sampleRecord(), { traceId: undefined }],
    ['how the ids are cased', sampleRecord(), { connection: sampleRecord().connection?.toUpperCase() }],
    ['the order of the rules', sampleRecord(), { rules: ['quota', 'landing-zones'] }],
    ['since when it was seen', sampleRecord(), { firstSeen: '2026-01-05T12:00:00.000Z' }],
    ['after how many looks it ended', end, { operation: { attempt: 1, polls: 9 } }],
    ['in which words it ended', end, { reason: 'It ended' }],
    ['what a connection that is found again asks for', found, { message: 'other', endpoint: undefined }],
  ])('%s', (_, held, change) => {
    expect(contradicted({ ...held, ...change }, held)).toBeUndefined();
  });

  test('when an approval with an end was counted from', () => {
    const held = sampleRecord({ expiresAt: '2026-02-05T12:00:00.000Z' });
    expect(contradicted({ ...held, expiresAt: '2026-02-05T12:00:09.000Z' }, held)).toBeUndefined();
  });
});

describe('what makes it another record', () => {
  test.each<[string, AuditRecord, Partial<AuditRecord>]>([
    ['its kind', end, { kind: 'superseded' }],
    ['the effect', sampleRecord(), { effect: 'hold' }],
    ['no effect', sampleRecord(), { effect: undefined }],
    ['the endpoint', sampleRecord(), { endpoint: '/subscriptions/other' }],
    ['no endpoint', sampleRecord(), { endpoint: undefined }],
    ['the connection', sampleRecord(), { connection: '/subscriptions/other' }],
    ['the message', sampleRecord(), { message: 'another' }],
    ['the status', sampleRecord(), { status: 'Rejected' }],
    ['the rules', sampleRecord(), { rules: ['landing-zones'] }],
    ['the reason of a decision', sampleRecord(), { reason: 'another story' }],
    ['the policy', sampleRecord(), { policyDigest: 'cd'.repeat(32) }],
    ['the mode', sampleRecord(), { mode: 'audit' }],
    ['an end that nobody decided', sampleRecord(), { expiresAt: '2026-02-05T12:00:00.000Z' }],
    ['the attempt', end, { operation: { attempt: 2, polls: 3 } }],
    ['the decision', found, { decisionId: 'd9' }],
    ['a time that has not come', sampleRecord(), { at: '2026-01-05T12:30:00.000Z' }],
    ['a day that is not the one in its id', waited, { at: '2026-01-04T12:00:00.000Z' }],
  ])('%s', (_, record, change) => {
    const told = contradicted(record, { ...record, ...change });
    expect(told).toEqual({
      ...record,
      ledgerHolds: expect.stringMatching(/^another record: .* recorded at 2026-/),
    });
  });

  test('a row that is no record', () => {
    expect(contradicted(end, undefined)).toEqual({ ...end, ledgerHolds: 'a row that is not a record' });
  });
});
