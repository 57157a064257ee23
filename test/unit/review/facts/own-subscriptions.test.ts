import { ArmError } from '../../../../src/base/errors';
import type { SubscriptionDetails } from '../../../../src/connections/subscription-reader';
import { createOwnSubscriptions } from '../../../../src/review/facts/own-subscriptions';
import { FakeClock } from '../../../support/fakes/fake-clock';

const subscriptionId = '0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f';
const details: SubscriptionDetails = {
  subscriptionId,
  name: 'Landing zone 1',
  tenantId: '996fe9d1-6171-40aa-945b-4c64b63bf655',
  tags: {},
  managementGroups: ['corp', '996fe9d1-6171-40aa-945b-4c64b63bf655'],
};

function world(answers: readonly (readonly SubscriptionDetails[] | Error)[] = [[details]]) {
  const clock = new FakeClock();
  const lines: string[] = [];
  let lists = 0;
  const subscriptions = {
    readTenant: () => Promise.reject(new Error('no tenant is wanted')),
    list: async () => {
      const answer = answers[Math.min(lists, answers.length - 1)] ?? [];
      lists += 1;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const own = createOwnSubscriptions({ subscriptions, clock, logger: { warn: (line) => lines.push(line) } });
  return { own, clock, lines, lists: () => lists };
}

test('one query answers for all subscriptions, for a quarter of an hour', async () => {
  const { own, clock, lists } = world([[details], [{ ...details, managementGroups: ['sandbox'] }]]);
  const both = await Promise.all([
    own.find(subscriptionId.toUpperCase()),
    own.find(`1${subscriptionId.slice(1)}`),
  ]);
  expect(both).toEqual([details, undefined]);
  clock.advance(899);
  expect(await own.find(subscriptionId)).toBe(details);
  expect(lists()).toBe(1);
  clock.advance(1);
  expect((await own.find(subscriptionId))?.managementGroups).toEqual(['sandbox']);
  expect(lists()).toBe(2);
});

test('a refusal is an answer: nothing may be read, and nobody asks again at once', async () => {
  const { own, clock, lines, lists } = world([new ArmError('ARM_FORBIDDEN', 'no'), [details]]);
  expect(await own.find(subscriptionId)).toBeUndefined();
  expect(await own.find(subscriptionId)).toBeUndefined();
  expect(lists()).toBe(1);
  expect(lines).toEqual([expect.stringContaining('ARM_FORBIDDEN: no')]);
  clock.advance(900);
  expect(await own.find(subscriptionId)).toBe(details);
});

test('passing trouble is thrown, and what was known before is not used beyond its age', async () => {
  const { own, clock } = world([[details], new ArmError('ARM_THROTTLED', '429'), [details]]);
  await own.find(subscriptionId);
  clock.advance(900);
  await expect(own.find(subscriptionId)).rejects.toMatchObject({ code: 'ARM_THROTTLED' });
  expect(await own.find(subscriptionId)).toBe(details);
});

test('a list that was read in the future is read again: the clock was set back', async () => {
  const { own, clock, lists } = world();
  clock.advance(3_600);
  await own.find(subscriptionId);
  clock.advance(-3_600);
  await own.find(subscriptionId);
  expect(lists()).toBe(2);
});

test('all subscriptions come from the same query, and say when they were read', async () => {
  const { own, clock, lists } = world();
  await own.find(subscriptionId);
  clock.advance(60);
  expect(await own.read()).toMatchObject({
    readAt: '2026-01-05T12:00:00.000Z',
    all: [details],
    problem: undefined,
  });
  expect(lists()).toBe(1);
});

test('a refusal is no complete reading', async () => {
  const { own } = world([new ArmError('ARM_FORBIDDEN', 'no')]);
  expect(await own.read()).toMatchObject({ all: [], problem: 'ARM_FORBIDDEN: no' });
});
