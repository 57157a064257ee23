import { ownStoreTypes, targetTypes } from '../../../../../src/connections/target-type';
import type {
  FindQuery,
  FoundConnection,
  UnreadSubscription,
} from '../../../../../src/review/sweep/connection-finder';
import {
  createScriptedArm,
  testOrigin,
  testTarget,
  testToken,
  type Script,
  type ScriptedArm,
} from '../../../../support/http/scripted-arm';

const vault = testTarget('Microsoft.KeyVault/vaults');
const [one, two] = [vault.subscriptionId, '33333333-3333-3333-3333-333333333333'];
const vaultsOnly: FindQuery = {
  subscriptions: [one],
  types: ['Microsoft.KeyVault/vaults'],
  statuses: ['Pending'],
};
const page = (value: unknown, more: object = {}) => ({ status: 200, body: { value, ...more } });
const refusal = { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'no' } } };

async function collect(arm: ScriptedArm, query: FindQuery = vaultsOnly): Promise<FoundConnection[]> {
  const found: FoundConnection[] = [];
  for await (const each of arm.lists.find(query)) found.push(each);
  return found;
}

describe('the search with the lists of ARM', () => {
  test('asks once for ten types, on the configured origin, and tells targets without connections', async () => {
    const arm = createScriptedArm(({ url }) =>
      page(url.includes('vaults') ? [{ id: vault.id, tags: {} }] : []),
    );
    expect(await collect(arm, { ...vaultsOnly, types: ownStoreTypes })).toEqual([{ targetId: vault }]);
    const filter = ownStoreTypes.map((type) => `resourceType eq '${type}'`).join(' or ');
    expect(arm.sent.map(({ method, url }) => `${method} ${decodeURIComponent(url)}`)).toEqual([
      `GET ${testOrigin}/subscriptions/${one}/resources?$filter=${filter}&api-version=2021-04-01`,
    ]);
    expect(new Set(arm.sent.map(({ authorization }) => authorization))).toEqual(
      new Set([`Bearer ${testToken}`]),
    );
  });

  test('reads all types although some lists fail, and then reports the first error', async () => {
    const types = targetTypes().slice(0, 25);
    const id = `/subscriptions/${one}/resourceGroups/rg/providers/${types[12]}/target-1`;
    const has = (url: string, at: number): boolean => decodeURIComponent(url).includes(`'${types[at]}'`);
    const arm = createScriptedArm(({ url }) => {
      if (has(url, 0)) return { status: 503, body: '' };
      return has(url, 12) ? page([{ id }]) : { status: 500, body: '' };
    });
    const unread: UnreadSubscription[] = [];
    const query = { ...vaultsOnly, types, onUnread: (each: UnreadSubscription) => void unread.push(each) };
    const found = await collect(arm, query);
    expect(found.map(({ targetId }) => targetId.type)).toEqual([types[12]]);
    expect(unread).toMatchObject([{ subscriptionId: one, error: { code: 'ARM_UNAVAILABLE' } }]);
  });

  test('asks for each type alone where ARM refuses a filter for several', async () => {
    const refused = { status: 400, body: { error: { code: 'InvalidFilterInQueryString', message: 'no' } } };
    const arm = createScriptedArm(({ url }) =>
      url.includes('%20or%20') ? refused : page(url.includes('vaults') ? [{ id: vault.id }] : []),
    );
    expect(await collect(arm, { ...vaultsOnly, types: ownStoreTypes })).toEqual([{ targetId: vault }]);
    expect(arm.sent).toHaveLength(1 + ownStoreTypes.length);
  });

  test('asks for all subscriptions when none are named, page by page', async () => {
    const arm = createScriptedArm([
      page([{ subscriptionId: one.toUpperCase() }, {}, { subscriptionId: '../..' }], {
        nextLink: `${testOrigin}/subscriptions?$skiptoken=x`,
      }),
      page([]),
      page([{ subscriptionId: two }]),
      page([]),
    ]);
    await collect(arm, { ...vaultsOnly, subscriptions: [] });
    expect(arm.sent.map(({ url }) => new URL(url).pathname)).toEqual([
      '/subscriptions',
      `/subscriptions/${one}/resources`,
      '/subscriptions',
      `/subscriptions/${two}/resources`,
    ]);
  });

  test('reads the next page only when this one is used up', async () => {
    const nextLink = `${testOrigin}/subscriptions/${one}/resources?$skiptoken=x`;
    const arm = createScriptedArm([page([{ id: vault.id }], { nextLink }), page([{ id: `${vault.id}2` }])]);
    const found = arm.lists.find(vaultsOnly)[Symbol.asyncIterator]();
    await found.next();
    expect(arm.sent).toHaveLength(1);
    await found.next();
    expect(arm.sent[1]?.url).toBe(nextLink);
    expect((await found.next()).done).toBe(true);
  });

  test('never follows a link off the origin, and sends no token there', async () => {
    const arm = createScriptedArm([page([{ id: vault.id }], { nextLink: 'https://evil.test/next' })]);
    await expect(collect(arm)).rejects.toMatchObject({ code: 'ARM_UNTRUSTED_URL' });
    expect(arm.sent).toHaveLength(1);
  });

  test('ends a list that never does', async () => {
    const arm = createScriptedArm(({ url }) => page([], { nextLink: url }));
    await expect(collect(arm)).rejects.toMatchObject({ code: 'ARM_UNREADABLE' });
    expect(arm.sent).toHaveLength(100);
  });

  test('tells of what nobody can read, and of what was not asked for, and goes on', async () => {
    const told: string[] = [];
    const foreign = vault.id.replace(one, two);
    const items = [null, {}, { id: 7 }, { id: '/nonsense' }, { id: `${vault.id}/../x` }, { id: foreign }];
    const arm = createScriptedArm([page([...items, { id: vault.id }])], {
      onMalformed: (what) => told.push(what),
    });
    expect(await collect(arm)).toHaveLength(1);
    expect(told).toHaveLength(items.length);
  });

  test.each([
    { ...vaultsOnly, statuses: [] },
    { ...vaultsOnly, types: [] },
  ])('asks nothing when there is nothing to find', async (query) => {
    const arm = createScriptedArm([]);
    expect(await collect(arm, query)).toEqual([]);
  });
});

describe('a subscription that cannot be listed', () => {
  const both = { ...vaultsOnly, subscriptions: [two, one] };
  const script: Script = ({ url }) => (url.includes(two) ? refusal : page([{ id: vault.id }]));

  test('is told, and the others are searched', async () => {
    const unread: UnreadSubscription[] = [];
    const found = await collect(createScriptedArm(script), {
      ...both,
      onUnread: (each) => unread.push(each),
    });
    expect(found).toEqual([{ targetId: vault }]);
    expect(unread).toMatchObject([{ subscriptionId: two, error: { code: 'ARM_FORBIDDEN' } }]);
  });

  test('ends the search when nobody wants to be told', async () => {
    await expect(collect(createScriptedArm(script), both)).rejects.toMatchObject({ code: 'ARM_FORBIDDEN' });
  });

  test('an error of whoever uses the search is not taken for one of the subscription', async () => {
    const unread: UnreadSubscription[] = [];
    const search = async () => {
      const arm = createScriptedArm([page([{ id: vault.id }])]);
      for await (const each of arm.lists.find({ ...vaultsOnly, onUnread: (one) => unread.push(one) })) {
        throw new Error(`no more after ${each.targetId.name}`);
      }
    };
    await expect(search()).rejects.toThrow('no more');
    expect(unread).toEqual([]);
  });

  test('without the list of subscriptions there is no search', async () => {
    const arm = createScriptedArm(() => refusal);
    const query = { ...vaultsOnly, subscriptions: [], onUnread: () => undefined };
    await expect(collect(arm, query)).rejects.toMatchObject({ code: 'ARM_FORBIDDEN' });
  });
});
