import { sampleOperation } from '../../../../../dev/lib/samples';
import { operationSchema } from '../../../../../src/azure/storage/tables/schemas';

const operation = sampleOperation();

/** Reads an operation whose ticket holds `timing`. */
function timingFrom(timing: unknown): unknown {
  const stored: unknown = JSON.parse(
    JSON.stringify({ ...operation, ticket: { ...operation.ticket, timing } }),
  );
  return operationSchema.parse(stored).ticket?.timing;
}

test('the timing of a ticket is stored and read', () => {
  expect(timingFrom(operation.ticket?.timing)).toEqual(operation.ticket?.timing);
});

test.each([
  ['a time that is none', { sentAt: 'soon' }],
  ['a negative duration', { durations: [-1] }],
  ['a duration of centuries', { durations: [1e12] }],
  ['durations without end', { durations: Array.from({ length: 51 }, () => 40) }],
  ['a wait of centuries', { waitedSeconds: 1e12 }],
  ['a text for a number', { runningAt: '30' }],
])('a timing with %s counts as absent, and the operation is read all the same', (_, change) => {
  expect(timingFrom({ ...operation.ticket?.timing, ...change })).toBeUndefined();
});
