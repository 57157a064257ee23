import { goneStatus, type ConnectionState } from '../../../src/operations/operation';
import {
  endOfApproval,
  hasOutlivedApproval,
  isOurApproval,
  provenApproval,
  remembersApproval,
} from '../../../src/operations/timed-approval';
import type { Connection } from '../../../src/connections/connection';
import { sampleConnection, sampleConnectionState, sampleOperation } from '../../../dev/lib/samples';

const endsAt = '2026-02-05T12:00:00.000Z';
const approval = { endsAt, rules: ['guests'] };
const applied = sampleOperation({ state: 'applied' });

function row(change: Partial<ConnectionState>): ConnectionState {
  return sampleConnectionState({ approval, operation: undefined, ...change });
}

describe('a time-limited approval', () => {
  test.each<[string | undefined, string, Partial<ConnectionState>]>([
    [undefined, 'that does not exist', { approval: undefined, operation: applied, status: 'Approved' }],
    [undefined, 'whose write was not proven', { operation: sampleOperation({ state: 'running' }) }],
    [undefined, 'beside a rejection', { operation: sampleOperation({ state: 'applied', effect: 'reject' }) }],
    [endsAt, 'that is proven', { approval: { ...approval, proof: 'named' } }],
    [endsAt, 'whose write was applied', { operation: applied }],
    [endsAt, 'that the connection shows', { status: 'approved' }],
    ['2026-02-19T12:00:00.000Z', 'of a connection that is gone, 14 days later', { status: goneStatus }],
  ])('is due at %s: one %s', (expected, _, change) => {
    expect(endOfApproval(row(change))).toBe(expected);
  });

  test('is remembered for 14 days once its connection is gone, if a write for it was ever sent', () => {
    const gone = row({ status: goneStatus });
    const sent = { ...gone, approval: { ...approval, decisionId: 'd1' } };
    const proven = { ...gone, approval: { ...approval, proof: 'unnamed' as const } };
    const last = new Date('2026-02-19T11:59:59.999Z');
    const end = new Date('2026-02-19T12:00:00.000Z');
    expect([gone, sent, proven].map((each) => remembersApproval(each, last))).toEqual([false, true, true]);
    expect([sent, proven].map((each) => remembersApproval(each, end))).toEqual([false, false]);
    expect(remembersApproval({ ...sent, approval: undefined }, last)).toBe(false);
    expect(remembersApproval(row({ approval: sent.approval }), last)).toBe(false);
  });

  const decisionId = 'cafe0123-and-more';
  const named = 'please [Postern approved: a; cafe0123]';
  const ours = sampleOperation({ state: 'applied', decisionId });
  test.each<[boolean, string, string, Partial<ConnectionState>]>([
    [false, 'without an approval', named, { approval: undefined, operation: ours }],
    [true, 'that names the decision', named, { approval: { ...approval, decisionId, proof: 'named' } }],
    [true, 'that names the decision of the operation', named, { operation: { ...ours, state: 'running' } }],
    [false, 'that names a rejection', named, { operation: { ...ours, effect: 'reject', state: 'running' } }],
    [
      false,
      'without the note that was proven',
      'x',
      { approval: { ...approval, decisionId, proof: 'named' } },
    ],
    [true, 'that never had a note', 'x', { approval: { ...approval, decisionId, proof: 'unnamed' } }],
    [true, 'whose write was applied before proofs were kept', 'x', { operation: ours }],
    [false, 'whose write was not applied', 'x', { operation: { ...ours, state: 'failed' } }],
    [false, 'without anything', 'x', {}],
  ])('it is %s that one has reappeared in a connection %s', (expected, _, message, change) => {
    expect(isOurApproval(row(change), { message })).toBe(expected);
  });

  test.each<[string, Partial<ConnectionState>, object | undefined]>([
    ['is proven by an operation that was applied', { operation: ours }, { decisionId, proof: 'unnamed' }],
    [
      'keeps the decision that it names',
      { operation: { ...ours, state: 'unproven' }, approval: { ...approval, decisionId: 'd0' } },
      { decisionId: 'd0', proof: 'unnamed' },
    ],
    ['is not proven by one that failed', { operation: { ...ours, state: 'failed' } }, {}],
    ['is not proven by a rejection', { operation: { ...ours, effect: 'reject' } }, {}],
    ['is not proven without an operation', {}, {}],
    [
      'keeps its own proof',
      { operation: ours, approval: { ...approval, proof: 'named' } },
      { proof: 'named' },
    ],
    ['stays absent', { approval: undefined, operation: ours }, undefined],
  ])('%s', (_, change, expected) => {
    expect(provenApproval(row(change))).toEqual(expected && { ...approval, ...expected });
  });

  test('is over from its end on, while the connection shows it', () => {
    const connection: Connection = {
      id: sampleConnection(),
      endpoint: undefined,
      endpointText: undefined,
      status: 'approved',
      message: '',
      provisioningState: 'Succeeded',
      groupIds: [],
      etag: undefined,
    };
    const end = new Date(endsAt);
    const before = new Date(end.getTime() - 1);
    expect(hasOutlivedApproval(connection, row({}), end)).toBe(true);
    expect(hasOutlivedApproval(connection, row({}), before)).toBe(false);
    expect(hasOutlivedApproval({ ...connection, status: 'Pending' }, row({}), end)).toBe(false);
    expect(hasOutlivedApproval(connection, row({ approval: undefined }), end)).toBe(false);
    expect(hasOutlivedApproval(connection, undefined, end)).toBe(false);
  });
});
