import { ArmError } from '../../../../src/base/errors';
import { createTenants } from '../../../../src/review/facts/tenants';
import { FakeClock } from '../../../support/fakes/fake-clock';
import { FakeTenantMemory } from '../../../support/fakes/fake-tenant-memory';

const subscription = '0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f';
const tenant = '996fe9d1-6171-40aa-945b-4c64b63bf655';
const other = '33e01921-4d64-4f8c-a055-5bdaffd5e33d';
const hour = 3600;

function world(answers: readonly (string | Error | undefined)[] = [tenant]) {
  const asked: string[] = [];
  const clock = new FakeClock();
  const memory = new FakeTenantMemory();
  const subscriptions = {
    readTenant: async (id: string): Promise<string | undefined> => {
      const answer = answers[Math.min(asked.length, answers.length - 1)];
      asked.push(id);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    list: () => Promise.reject(new Error('no list is wanted')),
  };
  const instance = () => createTenants({ subscriptions, memory, clock });
  return { asked, clock, memory, instance, tenants: instance() };
}

test('ARM is asked once a day for a subscription, whatever its spelling and however often it is wanted', async () => {
  const { asked, clock, tenants } = world();
  for (let hours = 0; hours < 24; hours += 1) {
    expect(await tenants.tenantOf(subscription.toUpperCase())).toBe(tenant);
    clock.advance(hour - 1);
  }
  expect(asked).toEqual([subscription]);
  clock.advance(24);
  await tenants.tenantOf(subscription);
  expect(asked).toHaveLength(2);
});

test('all instances ask once together, and those at the same time, too', async () => {
  const { asked, instance, tenants } = world();
  await Promise.all(Array.from({ length: 20 }, () => tenants.tenantOf(subscription)));
  await instance().tenantOf(subscription);
  expect(asked).toHaveLength(1);
});

test('who must know better than an hour ago asks again, and everybody learns it', async () => {
  const { asked, clock, instance, tenants } = world([tenant, other]);
  await tenants.tenantOf(subscription, hour);
  clock.advance(hour - 1);
  expect(await tenants.tenantOf(subscription, hour)).toBe(tenant);
  clock.advance(1);
  expect(await tenants.tenantOf(subscription)).toBe(tenant);
  expect(await tenants.tenantOf(subscription, hour)).toBe(other);
  expect(await tenants.tenantOf(subscription)).toBe(other);
  expect(await instance().tenantOf(subscription)).toBe(other);
  expect(asked).toHaveLength(2);
});

test('what ARM does not tell is absent, asked for again after a while, and never kept for others', async () => {
  const { asked, clock, memory, tenants } = world([undefined, undefined, tenant]);
  expect(await tenants.tenantOf(subscription)).toBeUndefined();
  clock.advance(899);
  expect(await tenants.tenantOf(subscription)).toBeUndefined();
  expect(asked).toHaveLength(1);
  clock.advance(1);
  expect(await tenants.tenantOf(subscription)).toBeUndefined();
  expect(memory.readings.size).toBe(0);
  clock.advance(900);
  expect(await tenants.tenantOf(subscription)).toBe(tenant);
});

test('what ARM no longer tells is absent, although it was told before', async () => {
  const { clock, tenants } = world([tenant, undefined]);
  await tenants.tenantOf(subscription);
  clock.advance(24 * hour);
  expect(await tenants.tenantOf(subscription)).toBeUndefined();
});

test('a failure is thrown to everybody who waits, and remembered by nobody', async () => {
  const { asked, tenants } = world([new ArmError('ARM_THROTTLED', '429'), tenant]);
  const waiting = await Promise.allSettled([1, 2].map(() => tenants.tenantOf(subscription)));
  expect(waiting.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await tenants.tenantOf(subscription)).toBe(tenant);
  expect(asked).toHaveLength(2);
});

test('a reading from the future is none: a clock was wrong', async () => {
  const { asked, clock, memory, tenants } = world();
  const readAt = new Date(clock.now().getTime() + 3_600_000).toISOString();
  memory.readings.set(subscription, { tenantId: other, readAt });
  expect(await tenants.tenantOf(subscription)).toBe(tenant);
  expect(asked).toHaveLength(1);
});

test('one instance remembers so many subscriptions, and forgets the oldest', async () => {
  const { asked, memory, tenants } = world();
  const id = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  for (let index = 0; index <= 5_000; index += 1) await tenants.tenantOf(id(index));
  memory.readings.clear();
  await tenants.tenantOf(id(5_000));
  await tenants.tenantOf(id(1));
  expect(asked).toHaveLength(5_001);
  await tenants.tenantOf(id(0));
  expect(asked).toHaveLength(5_002);
});
