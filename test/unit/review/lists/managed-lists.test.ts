import { createAuditLog } from '../../../../src/audit/audit-log';
import { ArmError, PosternError } from '../../../../src/base/errors';
import type { SubscriptionDetails } from '../../../../src/connections/subscription-reader';
import type { ManagementGroup } from '../../../../src/policy/lists/entries-of';
import { noLists } from '../../../../src/policy/lists/list-snapshot';
import { createOwnSubscriptions } from '../../../../src/review/facts/own-subscriptions';
import { acceptList } from '../../../../src/review/lists/accept-list';
import { createManagedLists } from '../../../../src/review/lists/managed-lists';
import { FakeClock, FakeLedger, FakeTelemetry } from '../../../support/fakes';
import { FakeListStore } from '../../../support/fakes/fake-list-store';
import { policyOf } from '../../../support/samples/policy';

const own = '10000000-0000-0000-0000-000000000000';
const customers = '20000000-0000-0000-0000-000000000000';
const idOf = (number: number): string => `00000000-0000-0000-0000-${String(number).padStart(12, '0')}`;
const minute = 60;
const hour = 60 * minute;

function subscription(number: number, change: Partial<SubscriptionDetails> = {}): SubscriptionDetails {
  return {
    subscriptionId: idOf(number),
    name: `Landing zone ${number}`,
    tenantId: own,
    tags: {},
    managementGroups: ['corp', own],
    ...change,
  };
}

const range = (count: number): SubscriptionDetails[] =>
  Array.from({ length: count }, (_, at) => subscription(at));

function policyWith(source: object = { subscriptionsUnder: 'corp' }, names = ['zones']) {
  const lists = Object.fromEntries(names.map((name) => [name, source]));
  const rules = names.map((name) => ({
    name: `in-${name}`,
    effect: 'approve',
    when: `endpoint.subscriptionId in lists.${name}`,
  }));
  return policyOf(JSON.stringify({ version: 1, mode: 'enforce', lists, rules }));
}

/** Azure with its groups and subscriptions, one store, and any number of instances of the app. */
function world() {
  const clock = new FakeClock();
  const store = new FakeListStore();
  const ledger = new FakeLedger();
  const azure: {
    groups: ManagementGroup[] | Error;
    subscriptions: SubscriptionDetails[] | Error;
    unreadable: number;
    queries: string[];
  } = {
    groups: [{ name: 'corp', tenantId: own }],
    subscriptions: range(10),
    unreadable: 0,
    queries: [],
  };
  const lines: string[] = [];
  const logger = {
    info: () => undefined,
    warn: (line: string) => void lines.push(line),
    error: () => undefined,
  };
  const audit = createAuditLog({ ledger, telemetry: new FakeTelemetry(), logger });
  const instance = (its = clock) => {
    const subscriptions = createOwnSubscriptions({
      subscriptions: {
        readTenant: () => Promise.reject(new Error('no tenant is wanted')),
        list: async (onUnreadable = () => undefined) => {
          azure.queries.push('subscriptions');
          for (let left = azure.unreadable; left > 0; left -= 1) onUnreadable();
          if (azure.subscriptions instanceof Error) throw azure.subscriptions;
          return azure.subscriptions;
        },
      },
      clock: its,
      logger,
    });
    const groups = {
      find: async (ids: readonly string[]) => {
        azure.queries.push(`groups ${ids.join(' ')}`);
        if (azure.groups instanceof Error) throw azure.groups;
        return azure.groups;
      },
    };
    return {
      subscriptions,
      ...createManagedLists({ store, groups, subscriptions, audit, clock: its, logger }),
    };
  };
  const entries = async (of: ReturnType<typeof instance>, policy = policyWith()) =>
    (await of.current(policy)).get('zones')?.entries;
  const recorded = () => ledger.records.map(({ kind, reason }) => `${kind} ${reason}`);
  return { clock, store, ledger, azure, audit, instance, entries, recorded, lines };
}

test('a list is read once for all instances, and recorded with what came', async () => {
  const { instance, entries, azure, recorded, ledger } = world();
  const [one, other] = [instance(), instance()];
  expect(await entries(one)).toBeUndefined();
  expect(await one.refresh(policyWith(), 'trace')).toBe(true);
  expect(await other.refresh(policyWith(), undefined)).toBe(false);
  expect(await entries(other)).toHaveLength(10);
  expect(azure.queries).toEqual(['groups corp', 'subscriptions']);
  expect(recorded()).toEqual([
    expect.stringMatching(/^changed zones@[0-9a-f]{8} has 10 entries: 10 came \(00000000-/),
  ]);
  expect(ledger.records).toMatchObject([{ target: '', traceId: 'trace' }]);
});

test('one query in a quarter of an hour answers for all lists, and for facts about subscriptions', async () => {
  const { instance, azure, clock } = world();
  const one = instance();
  const policy = policyWith({ subscriptionsUnder: 'corp' }, ['zones', 'others']);
  for (let passed = 0; passed < hour; passed += minute) {
    await one.refresh(policy, undefined);
    await one.subscriptions.find(idOf(1));
    clock.advance(minute);
  }
  expect(azure.queries).toEqual(Array.from({ length: 4 }, () => ['groups corp', 'subscriptions']).flat());
});

test('a policy with another source is not kept waiting', async () => {
  const { instance, entries, azure } = world();
  azure.groups = ['corp', 'online'].map((name) => ({ name, tenantId: own }));
  azure.subscriptions = [subscription(1, { managementGroups: ['online', 'corp'] }), subscription(2)];
  const one = instance();
  await one.refresh(policyWith(), undefined);
  expect(await entries(one)).toHaveLength(2);
  const other = policyWith({ subscriptionsUnder: 'online' });
  expect(await entries(one, other)).toBeUndefined();
  await one.refresh(other, undefined);
  expect(await entries(one, other)).toEqual([idOf(1)]);
  expect(azure.queries).toEqual(['groups corp', 'subscriptions', 'groups online']);
});

test('the state of a list that no rule reads any more is removed', async () => {
  const { instance, store } = world();
  await instance().refresh(policyWith({ subscriptionsUnder: 'corp' }, ['zones', 'others']), undefined);
  expect([...store.rows.keys()].toSorted()).toEqual(['others', 'zones']);
  await instance().refresh(policyWith({ subscriptionsUnder: 'corp' }, ['others']), undefined);
  expect([...store.rows.keys()]).toEqual(['others']);
});

describe('a source that cannot be read completely', () => {
  type Azure = ReturnType<typeof world>['azure'];
  test.each<[string, (azure: Azure) => unknown, string]>([
    [
      'the group is hidden, because a right was lost',
      (azure) => (azure.groups = []),
      'the management group corp is not visible',
    ],
    [
      'ARM is away',
      (azure) => (azure.subscriptions = new ArmError('ARM_UNAVAILABLE', 'HTTP 503')),
      'ARM_UNAVAILABLE: HTTP 503',
    ],
    [
      'a page is cut',
      (azure) => (azure.subscriptions = new ArmError('ARM_UNREADABLE', 'truncated')),
      'truncated',
    ],
    [
      'ARM refuses',
      (azure) => (azure.subscriptions = new ArmError('ARM_FORBIDDEN', 'no')),
      'ARM_FORBIDDEN: no',
    ],
    ['a row is malformed', (azure) => (azure.unreadable = 2), '2 subscriptions could not be parsed'],
    ['there are too many', (azure) => (azure.subscriptions = range(5_001)), 'more than the limit'],
    [
      'groups cannot be listed',
      (azure) => (azure.groups = new ArmError('ARM_THROTTLED', '429')),
      'ARM_THROTTLED: 429',
    ],
  ])(
    '%s: the last one counts for a day and is recorded as stale once; then the list is absent',
    async (_, breakIt, why) => {
      const { instance, entries, azure, recorded, clock, store } = world();
      const one = instance();
      await one.refresh(policyWith(), undefined);
      breakIt(azure);
      for (let passed = 0; passed < 23 * hour; passed += 15 * minute) {
        clock.advance(15 * minute);
        expect(await one.refresh(policyWith(), undefined)).toBe(false);
      }
      // Stored when it was read, and when it failed first.
      expect(store.rows.get('zones')?.version).toBe('2');
      expect(await entries(one)).toHaveLength(10);
      expect(recorded().slice(1)).toEqual([
        expect.stringMatching(
          /^stale The list zones \(subscriptionsUnder corp\) could not be read completely: /,
        ),
      ]);
      expect(recorded()[1]).toContain(why);
      expect(recorded()[1]).toContain('counts until 2026-01-06T12:00:00.000Z');
      clock.advance(hour);
      expect(await entries(one)).toBeUndefined();
    },
  );

  test('from the first reading on: the list is absent, and that is recorded', async () => {
    const { instance, entries, azure, recorded } = world();
    azure.groups = [];
    const one = instance();
    await one.refresh(policyWith(), undefined);
    expect(await entries(one)).toBeUndefined();
    expect(recorded()).toEqual([expect.stringContaining('the list is absent, and rules that read it hold')]);
  });

  test('a list that no longer fails is recorded anew when it fails again', async () => {
    const { instance, azure, recorded, clock } = world();
    const one = instance();
    const { groups } = azure;
    for (const next of [groups, [], groups, []]) {
      azure.groups = next;
      await one.refresh(policyWith(), undefined);
      clock.advance(15 * minute);
    }
    expect(recorded().map((text) => text.split(' ')[0])).toEqual(['changed', 'stale', 'stale']);
  });
});

test('subscriptions of customers and of groups with a similar name are no entries', async () => {
  const { instance, entries, azure } = world();
  azure.subscriptions = [
    subscription(1),
    subscription(2, { tenantId: customers }),
    subscription(3, { name: 'corp', managementGroups: ['corp-of-others', own] }),
  ];
  const one = instance();
  await one.refresh(policyWith(), undefined);
  expect(await entries(one)).toEqual([idOf(1)]);
});

describe('a list that has lost much', () => {
  async function shrunk() {
    const all = world();
    const one = all.instance();
    await one.refresh(policyWith(), undefined);
    all.clock.advance(15 * minute);
    all.azure.subscriptions = range(3);
    await one.refresh(policyWith(), undefined);
    const accept = (name: string) => acceptList({ ...all, listStore: all.store }, name, 'alice');
    return { ...all, one, accept };
  }

  test('keeps its entries until a person accepts, and that is recorded once', async () => {
    const { one, entries, recorded, clock, accept } = await shrunk();
    clock.advance(15 * minute);
    await one.refresh(policyWith(), undefined);
    expect(await entries(one)).toHaveLength(10);
    expect(recorded().slice(1)).toEqual([
      expect.stringMatching(/^withheld zones@\w+ has 3 entries: 0 came, 7 went \(/),
    ]);
    expect(await accept('zones')).toMatchObject({ entries: [idOf(0), idOf(1), idOf(2)] });
    clock.advance(10);
    expect(await entries(one)).toHaveLength(3);
    expect(recorded().at(-1)).toMatch(/^accepted alice accepted zones@\w+ has 3 entries/);
  });

  test('is accepted by the name of its snapshot, and by no other', async () => {
    const { accept, store } = await shrunk();
    expect(await accept('zones@00000000')).toBeUndefined();
    expect(await accept('others')).toBeUndefined();
    const digest = store.rows.get('zones')?.state?.aside?.snapshot.digest ?? '';
    expect(await accept(`zones@${digest.slice(0, 8)}`)).toBeDefined();
    expect(await accept('zones')).toBeUndefined();
  });

  test('is not accepted by a person who has seen another one', async () => {
    const { store, audit, clock } = await shrunk();
    const listStore = Object.assign(Object.create(store) as FakeListStore, {
      load: async (name: string) => {
        const stored = await store.load(name);
        if (stored !== undefined) await store.save(stored);
        return stored;
      },
    });
    await expect(acceptList({ listStore, audit, clock }, 'zones', 'alice')).rejects.toMatchObject({
      code: 'STORE_CONFLICT',
    });
  });
});

test('a flood of new subscriptions is taken, and all are counted', async () => {
  const { instance, entries, azure, recorded, clock } = world();
  const one = instance();
  await one.refresh(policyWith(), undefined);
  clock.advance(15 * minute);
  azure.subscriptions = range(4_000);
  expect(await one.refresh(policyWith(), undefined)).toBe(true);
  expect(await entries(one)).toHaveLength(4_000);
  expect(recorded().at(-1)).toMatch(
    /^changed zones@\w+ has 4000 entries: 3990 came \(.* and 3890 more\), 0 went$/,
  );
  expect(recorded().at(-1)?.length).toBeLessThan(8_010);
});

describe('storage', () => {
  const lost = new PosternError('STORE_UNAVAILABLE', 'away');

  test('that is away makes no list empty: a review waits', async () => {
    const { instance, store, entries } = world();
    const one = instance();
    await one.refresh(policyWith(), undefined);
    store.failure = lost;
    await expect(one.current(policyWith())).rejects.toBe(lost);
    store.failure = undefined;
    expect(await entries(one)).toHaveLength(10);
  });

  test('that is away at a refresh is asked again in the next minute', async () => {
    const { instance, store, entries } = world();
    const one = instance();
    store.failure = lost;
    await expect(one.refresh(policyWith(), undefined)).rejects.toBe(lost);
    store.failure = undefined;
    await one.refresh(policyWith(), undefined);
    expect(await entries(one)).toHaveLength(10);
  });

  test('whose row somebody changed makes the list absent, until it is read again', async () => {
    const { instance, store, entries, clock } = world();
    const one = instance();
    await one.refresh(policyWith(), undefined);
    const row = store.rows.get('zones')!;
    const snapshot = { ...row.state!.snapshot!, entries: [...row.state!.snapshot!.entries, idOf(99)] };
    store.rows.set('zones', { ...row, state: { ...row.state!, snapshot } });
    clock.advance(10);
    expect(await entries(one)).toBeUndefined();
    const other = instance();
    await other.refresh(policyWith(), undefined);
    expect(await entries(other)).toHaveLength(10);
  });

  test('that has no ledger takes nothing: what is not recorded does not count', async () => {
    const { instance, ledger, entries } = world();
    const one = instance();
    ledger.append = () => Promise.reject(new PosternError('LEDGER_UNAVAILABLE', 'away'));
    await expect(one.refresh(policyWith(), undefined)).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
    expect(await entries(one)).toBeUndefined();
  });

  test('that is lost after the record, before the state: the change counts later, and is recorded once', async () => {
    const { instance, store, entries, recorded, clock } = world();
    const one = instance();
    const { save } = store;
    store.save = () => Promise.reject(lost);
    await expect(one.refresh(policyWith(), undefined)).rejects.toBe(lost);
    expect(await entries(one)).toBeUndefined();
    store.save = save;
    clock.advance(15 * minute);
    expect(await instance().refresh(policyWith(), undefined)).toBe(true);
    expect(await entries(one)).toHaveLength(10);
    expect(recorded()).toHaveLength(1);
  });

  test('that another instance changed at the same time keeps one of both', async () => {
    const { instance, store, entries, recorded } = world();
    const one = instance();
    const { save } = store;
    store.save = async (list) => {
      store.save = save.bind(store);
      await store.save(list);
      return store.save({ ...list, version: 'an older one' });
    };
    await one.refresh(policyWith(), undefined);
    expect(await entries(one)).toHaveLength(10);
    expect(recorded()).toHaveLength(1);
  });
});

test('an instance loads a list at most every ten seconds, and notices a change within them', async () => {
  const { instance, store, entries, azure, clock } = world();
  const [one, other] = [instance(), instance()];
  await one.refresh(policyWith(), undefined);
  await Promise.all([entries(other), entries(other)]);
  await entries(other);
  expect(store.loads).toBe(1);
  clock.advance(15 * minute);
  await entries(other);
  azure.subscriptions = range(11);
  await one.refresh(policyWith(), undefined);
  expect(await entries(other)).toHaveLength(10);
  clock.advance(10);
  expect(await entries(other)).toHaveLength(11);
});

test('two instances whose clocks differ by seconds use the same list; one whose clock is days off uses none', async () => {
  const { instance, entries, clock } = world();
  const at = (seconds: number) => {
    const its = new FakeClock();
    its.advance(seconds);
    return its;
  };
  await instance(clock).refresh(policyWith(), undefined);
  expect(await entries(instance(at(-30)))).toHaveLength(10);
  expect(await entries(instance(at(30)))).toHaveLength(10);
  expect(await entries(instance(at(-2 * 24 * hour)))).toBeUndefined();
  expect(await entries(instance(at(2 * 24 * hour)))).toBeUndefined();
});

test('a policy without managed lists asks nobody', async () => {
  const { instance, store, azure } = world();
  const plain = policyOf(JSON.stringify({ version: 1, rules: [] }));
  expect(await instance().current(plain)).toEqual(noLists);
  expect([store.loads, azure.queries]).toEqual([0, []]);
});

describe('a process that dies', () => {
  /** Fails the call with this number, before or after its effect, as a process that dies there does. */
  function dyingAt(died: number, isAfter: boolean) {
    const all = world();
    const calls = { count: 0, hasDied: false };
    const dead = new Error('the process died');
    const dying =
      <Arguments extends readonly unknown[], Result>(call: (...given: Arguments) => Promise<Result>) =>
      async (...given: Arguments): Promise<Result> => {
        calls.count += 1;
        if (calls.count !== died) return call(...given);
        calls.hasDied = true;
        if (isAfter) await call(...given);
        throw dead;
      };
    const { store, ledger } = all;
    const ports = { all: store.all, load: store.load, save: store.save, append: ledger.append };
    store.all = dying(ports.all.bind(store));
    store.load = dying(ports.load.bind(store));
    store.save = dying(ports.save.bind(store));
    ledger.append = dying(ports.append.bind(ledger));
    return { ...all, calls };
  }

  const points = Array.from({ length: 12 }, (_, index) => index + 1).flatMap((call) => [
    [call, false] as const,
    [call, true] as const,
  ]);

  test.each(points)(
    'at call %d of a refresh (after its effect: %s) leaves a list that the next one completes',
    async (call, isAfter) => {
      const { instance, entries, azure, recorded, clock, calls } = dyingAt(call, isAfter);
      const refresh = async (): Promise<void> => {
        for (const each of [instance(), instance()])
          await each.refresh(policyWith(), undefined).catch(() => undefined);
      };
      await refresh();
      clock.advance(15 * minute);
      azure.subscriptions = range(11);
      await refresh();
      calls.count += 1_000;
      expect(await entries(instance())).toHaveLength(11);
      expect(recorded().map((text) => text.replace(/ zones@.*: (\d+ came).*/, ' $1'))).toEqual([
        'changed 10 came',
        'changed 1 came',
      ]);
    },
  );

  test('the calls that it can die at are all of them', async () => {
    const { instance, azure, clock, calls } = dyingAt(Infinity, false);
    await instance().refresh(policyWith(), undefined);
    clock.advance(15 * minute);
    azure.subscriptions = range(11);
    await instance().refresh(policyWith(), undefined);
    expect(calls.count).toBeGreaterThan(4);
    expect(calls.count).toBeLessThanOrEqual(points.length / 2);
  });
});
