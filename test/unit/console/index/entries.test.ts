import fc from 'fast-check';
import type { AuditRecord } from '../../../../src/audit/audit-record';
import { auditKinds } from '../../../../src/audit/audit-record';
import {
  changesFrom,
  endsFrom,
  openKey,
  openKeyPattern,
  recentKeyPattern,
} from '../../../../src/console/index/entries';
import { sampleConnection, sampleRecord } from '../../../../dev/lib/samples';

const firstSeen = '2026-01-05T11:00:00.000Z';
const key = openKey(firstSeen, sampleConnection().id);
const record = (changes: Partial<AuditRecord>): AuditRecord => sampleRecord({ firstSeen, ...changes });
const stateAfter = (...records: AuditRecord[]): unknown =>
  changesFrom(records).map((change) => (change.kind === 'remove' ? 'none' : change.entry.state));

test.each<[string, Partial<AuditRecord>, unknown[]]>([
  ['a hold', { effect: 'hold' }, ['held']],
  ['an approval that is only recorded', { effect: 'approve', mode: 'audit' }, ['held']],
  ['an approval', { effect: 'approve' }, ['working']],
  ['an approval of what is approved', { effect: 'approve', status: 'Approved' }, ['none']],
  ['a hold of what is approved', { effect: 'hold', status: 'Approved' }, ['none']],
  ['a deletion', { effect: 'delete', status: 'Disconnected' }, ['working']],
  ['a limit', { kind: 'limited' }, ['limited']],
  ['a failure', { kind: 'failed' }, ['working']],
  ['the last failure', { kind: 'abandoned' }, ['given up']],
  ['an answer', { kind: 'answered' }, ['answered']],
  ['an answer that became void', { kind: 'lapsed' }, ['held']],
  ['an answer that was taken back', { kind: 'withdrawn' }, ['held']],
  ['an announcement that was not kept', { kind: 'lapsed', connection: undefined }, []],
  ['the proof', { kind: 'applied' }, ['none']],
  ['somebody else’s answer', { kind: 'superseded', effect: undefined, operation: undefined }, ['none']],
  ['a message that was given up', { kind: 'abandoned', operation: undefined }, []],
  ['a failed review', { kind: 'failed', operation: undefined }, []],
  ['a record of a target', { connection: undefined, effect: 'hold' }, []],
  ['a record without a time', { firstSeen: undefined, effect: 'hold' }, []],
  ['what was found', { kind: 'found', firstSeen: undefined }, []],
])('after %s the entry is as it should be', (_, changes, expected) => {
  expect(stateAfter(record(changes))).toEqual(expected);
});

test('of several records about one connection the last one counts', () => {
  const hold = record({ effect: 'hold' });
  const over = record({ kind: 'superseded' });
  expect(stateAfter(hold, over)).toEqual(['none']);
  expect(stateAfter(over, hold)).toEqual(['held']);
});

test('every record about a connection in one status has the same entry', () => {
  const at = '2026-01-09T00:00:00.000Z';
  const changes = changesFrom([
    record({ effect: 'hold', connection: sampleConnection().id.toUpperCase() }),
    record({ kind: 'waited', effect: 'hold', at, firstSeen: '2026-01-05T12:00:00.000+01:00' }),
  ]);
  expect(changes).toMatchObject([{ kind: 'touch', entry: { key, at } }]);
});

test('whatever a requester writes, the entry is short and shows what cannot be seen', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 5_000 }), (message) => {
      const [change] = changesFrom([record({ effect: 'hold', message, reason: message })]);
      if (change?.kind !== 'put') throw new Error('no entry');
      expect(change.entry.message?.length).toBeLessThanOrEqual(256);
      expect(change.entry.reason.length).toBeLessThanOrEqual(256);
      expect(change.entry.message).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      expect(change.entry.key).toMatch(openKeyPattern);
    }),
  );
});

test('only ends of connections are ends, each with a key of its own that sorts newest first', () => {
  const ends = endsFrom(auditKinds.map((kind) => record({ kind, id: `x|${kind}` })));
  expect(ends.map(({ kind }) => kind).sort()).toEqual([
    'abandoned',
    'answered',
    'applied',
    'expired',
    'failed',
    'lapsed',
    'superseded',
    'unproven',
    'withdrawn',
  ]);
  expect(new Set(ends.map((end) => end.key)).size).toBe(ends.length);
  for (const end of ends) expect(end.key).toMatch(recentKeyPattern);
  const [early, late] = endsFrom(
    ['2026-01-05T00:00:00.000Z', '2026-01-05T00:00:01.000Z'].map((at) => record({ kind: 'applied', at })),
  );
  expect(late!.key < early!.key).toBe(true);
  expect(endsFrom([record({ kind: 'abandoned', connection: undefined })])).toEqual([]);
});
