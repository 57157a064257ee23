import fc from 'fast-check';
import type { Facts } from '../../../src/policy/facts/facts';
import { connection, endpoint, target } from '../samples/policy';
import { hostileText } from './hostile-text';

const statuses = [
  'Pending',
  'Approved',
  'Rejected',
  'Disconnected',
  'pending',
  '__proto__',
  'constructor',
  '',
];
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const tags = fc.dictionary(
  fc.oneof(fc.constantFrom('env', 'Env', '__proto__', 'toString'), hostileText),
  hostileText,
  {
    maxKeys: 4,
  },
);
/** Facts with the right shape and arbitrary values, including invalid dates and counts. */
export const hostileFacts: fc.Arbitrary<Facts> = fc.record({
  connection: fc
    .record({
      status: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...statuses) }, hostileText),
      message: hostileText,
      groupIds: fc.array(hostileText, { maxLength: 3 }),
      provisioningState: optional(hostileText),
      firstSeen: fc.date({ noInvalidDate: false }),
    })
    .map((changes) => ({ ...connection, ...changes })),
  endpoint: optional(
    fc.record({ name: hostileText, tags: optional(tags) }).map((changes) => ({ ...endpoint, ...changes })),
  ),
  target: fc
    .record({ kind: optional(hostileText), tags: optional(tags) })
    .map((changes) => ({ ...target, ...changes })),
  consumer: optional(
    fc.record({
      pending: fc.nat(),
      approved: fc.maxSafeInteger(),
      rejected: fc.nat(),
      disconnected: fc.double(),
    }),
  ),
});
