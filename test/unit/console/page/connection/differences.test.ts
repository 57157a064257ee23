import fc from 'fast-check';
import { differencesBetween, valueInWords } from '../../../../../console/connection/differences';
import { heldView, ruleView } from '../../../../support/page/samples';

const view = heldView('pe-freeze');

test('a view does not differ from itself', () => {
  expect(differencesBetween(view, structuredClone(view))).toEqual([]);
});

test.each([
  ['Status', { connection: { ...view.connection, status: 'Approved' } }, 'Pending', 'Approved'],
  [
    "The requester's words",
    { connection: { ...view.connection, message: '' } },
    view.connection.message,
    undefined,
  ],
  ['Endpoint', { endpoint: { ...view.endpoint!, id: '/other' } }, view.endpoint?.id, '/other'],
  ['Lists with the requester', { inLists: [] }, 'landingZones', undefined],
  ['What the policy says', { effect: 'reject' as const }, 'hold', 'reject'],
  ['Reason', { reason: 'Another one.' }, view.reason, 'Another one.'],
  ['Mode', { mode: 'audit' as const }, 'enforce', 'audit'],
  ['Version of the policy', { policyDigest: 'b'.repeat(64) }, 'a'.repeat(12), 'b'.repeat(12)],
  ['Announced by', { expected: { by: 'Bert', until: '2026-01-01' } }, undefined, 'Bert'],
])('%s is named, with what it was and is', (what, changes, before, now) => {
  expect(differencesBetween(view, { ...view, ...changes })).toEqual([
    { what, ...(before === undefined ? {} : { before }), ...(now === undefined ? {} : { now }) },
  ]);
});

test('a fact that a rule reads is named by its path', () => {
  const withTag = (value: string) => ({
    ...view,
    rules: [ruleView({ saw: [{ fact: 'target.tags["a"]', value }] })],
  });
  expect(differencesBetween(withTag('1'), withTag('2'))).toEqual([
    { what: 'target.tags["a"]', before: '"1"', now: '"2"' },
  ]);
});

test('whatever a rule saw can be written', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(valueInWords({ fact: 'x', value }))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  expect(valueInWords({ fact: 'x', absent: true })).toBe('absent');
});
