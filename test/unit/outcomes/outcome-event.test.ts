import fc from 'fast-check';
import { auditKinds, type AuditRecord } from '../../../src/audit/audit-record';
import { routeOf } from '../../../console/base/route';
import { outcomeFrom } from '../../../src/outcomes/outcome-event';
import { batchesOf, parseOutcomeMessage } from '../../../src/outcomes/outcome-queue';
import { sampleConnection, sampleRecord, sampleTarget } from '../../../dev/lib/samples';
import { codePoint } from '../../support/arbitraries/code-point';

const end = { attempt: 2, startedAt: '2026-01-05T12:00:01.000Z', polls: 3, lastHttpStatus: 200 };

test.each<[AuditRecord['kind'], AuditRecord['operation'], string | undefined]>([
  ['decided', undefined, 'Postern.Connection.Decided'],
  ['superseded', undefined, 'Postern.Connection.Superseded'],
  ['answered', undefined, 'Postern.Connection.Answered'],
  ['applied', end, 'Postern.Operation.Applied'],
  ['failed', end, 'Postern.Operation.Failed'],
  ['expired', end, 'Postern.Operation.Expired'],
  ['unproven', end, 'Postern.Operation.Unproven'],
  ['superseded', end, 'Postern.Operation.Superseded'],
  ['abandoned', end, 'Postern.Operation.Abandoned'],
  // Of a review that ARM refused, and of a message that nobody could read.
  ['failed', undefined, undefined],
  ['abandoned', undefined, undefined],
])('%s, with the operation %j, is told as %s', (kind, operation, type) => {
  expect(outcomeFrom(sampleRecord({ kind, operation }))?.type).toBe(type);
});

test('every other kind of record is nobody else’s business', () => {
  const told = auditKinds.filter((kind) => outcomeFrom(sampleRecord({ kind, operation: end })) !== undefined);
  expect(told.toSorted()).toEqual([
    'abandoned',
    'applied',
    'decided',
    'expired',
    'failed',
    'superseded',
    'unproven',
  ]);
});

describe('the link to the console', () => {
  const consoleUrl = 'https://postern.example/console/';
  const linkOf = (changes: Partial<AuditRecord>, url: string | undefined = consoleUrl): unknown =>
    outcomeFrom(sampleRecord(changes), url)?.data['console'];

  test.each<Partial<AuditRecord>>([
    { kind: 'decided', effect: 'hold' },
    { kind: 'answered', effect: 'approve', operation: undefined },
    { kind: 'abandoned', operation: end },
  ])('is there for what waits for a person: %j', (changes) => {
    expect(linkOf(changes)).toEqual(expect.stringContaining(consoleUrl));
    expect(outcomeFrom(sampleRecord(changes))?.data).not.toHaveProperty('console');
  });

  test.each<Partial<AuditRecord>>([
    { kind: 'decided', effect: 'approve' },
    { kind: 'applied', operation: end },
    { kind: 'failed', operation: end },
    { kind: 'superseded', operation: undefined },
  ])('is not there for anything else: %j', (changes) => {
    expect(linkOf(changes)).toBeUndefined();
  });

  test('only shows: whatever the connection is called, it names that connection, and nothing that the page obeys', () => {
    const names = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 80 })
      .map((name) => Buffer.from(name).toString());
    fc.assert(
      fc.property(fc.oneof(names, fc.constant('pe&effect=approve#/?tab=x')), (name) => {
        const connection = `${sampleTarget().id}/privateEndpointConnections/${name}`;
        const link = new URL(String(linkOf({ kind: 'decided', effect: 'hold', connection })));
        expect([link.origin + link.pathname, link.search]).toEqual([consoleUrl, '']);
        expect(routeOf(link.hash)).toEqual({ kind: 'connection', id: connection });
      }),
    );
  });
});

test('an event says what its record says, in a form that stays as it is', () => {
  const record = sampleRecord({ id: 'd1.2|end', kind: 'failed', operation: { ...end, error: 'HTTP 403' } });
  expect(outcomeFrom({ ...record, firstSeen: '2026-01-05T11:00:00.000Z' })).toEqual({
    id: 'd1.2|end',
    type: 'Postern.Operation.Failed',
    source: sampleTarget().id,
    subject: sampleConnection().id,
    time: '2026-01-05T12:00:00.000Z',
    data: {
      version: 1,
      kind: 'failed',
      decisionId: 'd1',
      target: sampleTarget().id,
      targetType: 'Microsoft.KeyVault/vaults',
      connection: sampleConnection().id,
      endpoint: record.endpoint,
      message: record.message,
      status: 'Pending',
      firstSeen: '2026-01-05T11:00:00.000Z',
      effect: 'approve',
      mode: 'enforce',
      rules: ['landing-zones', 'quota'],
      reason: record.reason,
      policyDigest: 'ab'.repeat(32),
      operation: { ...end, error: 'HTTP 403' },
      traceId: record.traceId,
    },
  });
});

test('a stranger’s text can fool no reader', () => {
  const record = sampleRecord({ message: 'approve\u202eevil\u0007', operation: undefined });
  expect(outcomeFrom(record)?.data['message']).toBe('approve\\u{202e}evil\\u{7}');
});

test('whatever stands in a record, its event fits into a queue message, and can be read back from it', () => {
  const text = fc.string({ unit: codePoint, maxLength: 4_000 });
  const long = fc.constantFrom(
    '語'.repeat(5_000),
    '"'.repeat(5_000),
    '\u0000'.repeat(5_000),
    '👍'.repeat(5_000),
  );
  const any = fc.oneof(text, long);
  fc.assert(
    fc.property(any, any, any, any, (message, reason, endpoint, status) => {
      const event = outcomeFrom(sampleRecord({ message, reason, endpoint, status, traceId: message }))!;
      expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(47 * 1024);
      const message_ = { version: 1, events: [event], attempt: 0, refusals: 0 };
      expect(parseOutcomeMessage(JSON.parse(JSON.stringify(message_)))).toEqual(message_);
    }),
    { numRuns: 100 },
  );
});

test.each([
  ['no message', 7],
  ['another version', { version: 2, events: [], attempt: 0, refusals: 0 }],
  ['no events', { version: 1, events: [], attempt: 0, refusals: 0 }],
  ['an event of no known type', { version: 1, events: [{ type: 'Other' }], attempt: 0, refusals: 0 }],
])('%s is refused with the field', (_, message) => {
  expect(() => parseOutcomeMessage(message)).toThrow(/^outcomes message: /);
});

test('batches keep every event in its order and stay within their size', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 1_200 }), { maxLength: 40 });
  fc.assert(
    fc.property(sizes, (lengths) => {
      const events = lengths.map((length, index) => ({
        ...outcomeFrom(sampleRecord())!,
        id: String(index),
        data: { text: 'é'.repeat(length) },
      }));
      const batches = batchesOf(events, 2_000);
      expect(batches.flat()).toEqual(events);
      for (const batch of batches.filter(({ length }) => length > 1))
        expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThanOrEqual(2_000);
    }),
  );
});
