import fc from 'fast-check';
import type { AuditRecord } from '../../../src/audit/audit-record';
import { History } from '../../../src/report/history';
import { connection, endpoint, target } from '../../support/samples/policy';

const at = (day: number): string => new Date(Date.UTC(2026, 0, day)).toISOString();
const decided = (day: number, changes: Partial<AuditRecord> = {}): AuditRecord => ({
  version: 1,
  id: `d${day}|decided`,
  kind: 'decided',
  at: at(day),
  decisionId: `d${day}`,
  target: target.id,
  connection: connection.id,
  endpoint: endpoint.id,
  status: 'Pending',
  firstSeen: at(day),
  effect: 'approve',
  rules: ['zones'],
  reason: 'In a zone',
  policyDigest: 'abc',
  mode: 'enforce',
  ...changes,
});
const applied = (day: number, of = decided(day), changes: Partial<AuditRecord> = {}): AuditRecord => ({
  ...of,
  id: `${of.id}|end`,
  kind: 'applied',
  at: at(day + 1),
  reason: 'Read back as Approved',
  ...changes,
});

const find = (
  records: readonly AuditRecord[],
  status: string,
  endpointId: string | undefined = endpoint.id,
) => {
  const history = new History();
  records.forEach((record) => history.add(record));
  return history.find({ connection: connection.id, endpoint: endpointId, status });
};

describe('who decided', () => {
  test('the rule of an approval that was proven, with the reason of its decision and its end', () => {
    const answer = find([decided(1), applied(1, decided(1), { expiresAt: at(90) })], 'Approved');
    expect(answer).toMatchObject({
      decision: { source: 'rule', effect: 'approve', rules: ['zones'], reason: 'In a zone', at: at(2) },
      since: at(2),
      endsAt: at(90),
    });
  });

  test('a person, if the ledger names one', () => {
    const by = 'Anna (0a)';
    expect(find([decided(1, { by }), applied(1, decided(1, { by }))], 'Approved').decision).toMatchObject({
      source: 'person',
      by,
    });
  });

  test.each([
    ['was only decided, as in audit mode', [decided(1, { mode: 'audit' })], 'Approved'],
    ['was held', [decided(1, { effect: 'hold', rules: [] })], 'Approved'],
    [
      'was rejected',
      [decided(1, { effect: 'reject' }), applied(1, decided(1, { effect: 'reject' }))],
      'Approved',
    ],
    ['was approved', [decided(1), applied(1)], 'Rejected'],
    [
      'was approved, came back as a request, and was held',
      [decided(1), applied(1), decided(9, { effect: 'hold' })],
      'Approved',
    ],
  ])('nobody in Postern, if the connection %s and now is %3$s', (_, records, status) => {
    expect(find(records, status).decision).toEqual({ source: 'elsewhere' });
  });

  test('a connection without records was reviewed by nobody', () => {
    expect(find([], 'Approved')).toEqual({ decision: { source: 'none' } });
    expect(find([], 'Pending')).toEqual({ decision: { source: 'none' } });
  });

  test('what the ledger knows of another endpoint under the same name does not count', () => {
    const other = `${endpoint.id}-of-somebody-else`;
    expect(find([decided(1), applied(1)], 'Approved', other)).toEqual({ decision: { source: 'none' } });
  });

  test('ids are compared as ARM does', () => {
    const shouted = decided(1, {
      connection: connection.id.toUpperCase(),
      endpoint: endpoint.id.toLowerCase(),
    });
    expect(find([shouted, applied(1, shouted)], 'approved').decision.source).toBe('rule');
  });

  test('a pending request shows its decision; one that was made again after an approval has none yet', () => {
    const held = decided(1, { effect: 'hold', reason: 'No rule matched' });
    expect(find([held], 'Pending')).toMatchObject({
      decision: { source: 'rule', effect: 'hold' },
      since: at(1),
    });
    expect(find([decided(1), applied(1)], 'Pending').decision.source).toBe('none');
  });

  test('a connection that names no endpoint any more has the history of all that it named', () => {
    const gone = decided(5, { status: 'Disconnected', effect: 'hold' });
    expect(find([decided(1), applied(1), gone], 'Disconnected', undefined).decision).toMatchObject({
      at: at(5),
    });
  });

  test.each(['__proto__', 'constructor', '', 'Odd'])('the status %j is no known one', (status) => {
    expect(find([decided(1), applied(1)], status).decision.source).toBe('none');
  });

  test('the order of the records changes nothing', () => {
    const all = [
      decided(1),
      applied(1),
      decided(9, { effect: 'hold' }),
      applied(11, decided(10)),
      decided(10),
    ];
    const expected = find(all, 'Approved');
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (records) => {
        expect(find(records, 'Approved')).toEqual(expected);
      }),
    );
  });

  test('other kinds of records decide nothing', () => {
    for (const kind of ['waited', 'found', 'failed', 'superseded', 'answered'] as const)
      expect(find([decided(1, { kind })], 'Pending').decision.source).toBe('none');
  });
});
