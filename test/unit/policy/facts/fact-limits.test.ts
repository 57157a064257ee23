import { factsProblem } from '../../../../src/policy/facts/fact-limits';
import type { Facts } from '../../../../src/policy/facts/facts';
import { connection, endpoint, facts, factsWith, now, target } from '../../../support/samples/policy';

const text = (length: number): string => 'x'.repeat(length);
const many = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, '']));
const withTarget = (change: object): Facts => ({ ...facts, target: { ...target, ...change } });
const withEndpoint = (change: object): Facts => ({ ...facts, endpoint: { ...endpoint, ...change } });
const counts = { pending: 0, approved: 0, rejected: 0, disconnected: 0 };

test.each<[string, Facts]>([
  ['as they usually are', facts],
  ['without an endpoint', { ...facts, endpoint: undefined, consumer: undefined }],
  ['without tags', { ...withTarget({ tags: undefined }), endpoint: { ...endpoint, tags: undefined } }],
  ['with the longest message', factsWith({ message: text(4_096) })],
  [
    'with the longest texts',
    { ...withEndpoint({ name: text(2_048) }), target: { ...target, name: text(2_048) } },
  ],
  ['with the most group ids', factsWith({ groupIds: Array.from({ length: 100 }, () => text(2_048)) })],
  ['with the most tags', withTarget({ tags: many(100) })],
  ['with the longest tag', withTarget({ tags: { [text(2_048)]: text(2_048) } })],
  ['with the largest count', { ...facts, consumer: { ...counts, approved: Number.MAX_SAFE_INTEGER } }],
])('a policy decides on facts %s', (_, about) => {
  expect(factsProblem(about, now)).toBeUndefined();
});

test.each<[string, Facts]>([
  ['a time among the facts is invalid', factsWith({ firstSeen: new Date(Number.NaN) })],
  ['the message has 4097 characters, more than the limit of 4096', factsWith({ message: text(4_097) })],
  ['there are more than 100 group ids', factsWith({ groupIds: Array.from({ length: 101 }, () => 'g') })],
  ['a count is not an integer', { ...facts, consumer: { ...counts, disconnected: 0.5 } }],
  ['a count is not an integer', { ...facts, consumer: { ...counts, pending: 2 ** 53 } }],
  ['`name` has more than 2048 characters', factsWith({ name: text(2_049) })],
  ['`groupIds` has more than 2048 characters', factsWith({ groupIds: ['a', text(2_049)] })],
  ['`subnetId` has more than 2048 characters', withEndpoint({ subnetId: text(2_049) })],
  ['`location` has more than 2048 characters', withTarget({ location: text(2_049) })],
  ['the target has more than 100 tags', withTarget({ tags: many(101) })],
  ['the endpoint has more than 100 tags', withEndpoint({ tags: many(101) })],
  ['the target has two tags whose names differ only in case', withTarget({ tags: { a: '1', A: '2' } })],
  ['a tag of the target has more than 2048 characters', withTarget({ tags: { [text(2_049)]: '' } })],
  ['a tag of the endpoint has more than 2048 characters', withEndpoint({ tags: { b: '', a: text(2_049) } })],
])('a policy does not decide on facts of which it says: %s', (problem, about) => {
  expect(factsProblem(about, now)).toBe(problem);
});

test('a policy does not decide at a time that is none', () => {
  expect(factsProblem({ ...facts, connection }, new Date(Number.NaN))).toBe(
    'a time among the facts is invalid',
  );
});
