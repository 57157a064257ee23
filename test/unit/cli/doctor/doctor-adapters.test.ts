import { createArmDeploymentReader } from '../../../../src/azure/arm/readers/deployment';
import { createArmClient, type ArmClient } from '../../../../src/azure/arm/client';
import { createArmEventSubscriptionReader } from '../../../../src/azure/arm/readers/event-subscriptions';
import { holderFrom } from '../../../../src/azure/identity/token-holder';
import { createArmPermissionReader } from '../../../../src/azure/arm/readers/permissions';
import { createArmProviderVersionReader } from '../../../../src/azure/arm/readers/provider-versions';
import { sampleTarget } from '../../../../dev/lib/samples';
import {
  createScriptedClient,
  type ScriptedReply,
  type SentRequest,
} from '../../../support/http/scripted-arm';

const origin = 'https://management.azure.com';
const subscription = '11111111-2222-3333-4444-555555555555';

function clientWith(...replies: readonly ScriptedReply[]): {
  client: ArmClient;
  sent: readonly SentRequest[];
} {
  const { httpClient, sent } = createScriptedClient(replies);
  const credential = {
    getToken: () => Promise.resolve({ token: 't', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
  };
  return { client: createArmClient({ endpoint: origin, credential, httpClient }), sent };
}

const listOf = (...value: readonly unknown[]): ScriptedReply => ({ status: 200, body: { value } });

describe('the permissions of the caller', () => {
  test('are read from all pages, and what is absent is nothing', async () => {
    const next = `${origin}/next`;
    const first = { status: 200, body: { value: [{ actions: ['*'], notActions: null }], nextLink: next } };
    const { client, sent } = clientWith(first, listOf({ notActions: ['a/b'], dataActions: ['c'] }));
    expect(await createArmPermissionReader(client).permissionsOn(sampleTarget().id)).toEqual([
      { actions: ['*'], notActions: [] },
      { actions: [], notActions: ['a/b'] },
    ]);
    const path = `${sampleTarget().id}/providers/Microsoft.Authorization/permissions`;
    expect(sent.map(({ url }) => url)).toEqual([`${origin}${path}?api-version=2022-04-01`, next]);
  });

  test('can be read on a subscription, but only by a valid id', async () => {
    const { client, sent } = clientWith(listOf());
    const reader = createArmPermissionReader(client);
    expect(await reader.permissionsOn(`/subscriptions/${subscription}`)).toEqual([]);
    await expect(reader.permissionsOn(`/subscriptions/${subscription}/../x`)).rejects.toMatchObject({
      code: 'RESOURCE_ID_INVALID',
    });
    expect(sent).toHaveLength(1);
  });

  test.each([[{ actions: [1] }], ['text'], [{ actions: 'all' }]])('as %j are unreadable', async (item) => {
    const { client } = clientWith(listOf(item));
    await expect(createArmPermissionReader(client).permissionsOn(sampleTarget().id)).rejects.toMatchObject({
      code: 'ARM_UNREADABLE',
    });
  });
});

describe('the api-versions of a provider', () => {
  test('are read by type, without case', async () => {
    const resourceTypes = [{ resourceType: 'Vaults', apiVersions: ['2022-07-01'] }, { resourceType: 'hsms' }];
    const { client, sent } = clientWith({ status: 200, body: { namespace: 'x', resourceTypes } });
    const reader = createArmProviderVersionReader(client);
    expect([...(await reader.versionsOf(subscription, 'Microsoft.KeyVault'))]).toEqual([
      ['microsoft.keyvault/vaults', ['2022-07-01']],
      ['microsoft.keyvault/hsms', []],
    ]);
    expect(sent[0]?.url).toBe(
      `${origin}/subscriptions/${subscription}/providers/Microsoft.KeyVault?api-version=2021-04-01`,
    );
  });

  test('that are malformed are unreadable', async () => {
    const { client } = clientWith({ status: 200, body: { resourceTypes: 'all' } });
    await expect(
      createArmProviderVersionReader(client).versionsOf(subscription, 'Microsoft.KeyVault'),
    ).rejects.toMatchObject({ code: 'ARM_UNREADABLE' });
  });
});

describe('event subscriptions', () => {
  const id = `/subscriptions/${subscription}/resourceGroups/g/providers/Microsoft.EventGrid/systemTopics/t`;
  const read = async (properties: object) => {
    const { client } = clientWith(listOf({ name: 'n', properties }));
    return (await createArmEventSubscriptionReader(client).subscriptionsOf({ id }))[0];
  };
  const toFunction = { endpointType: 'AzureFunction', properties: { resourceId: '/f' } };

  test('are read below their topic', async () => {
    const { client, sent } = clientWith(listOf());
    await createArmEventSubscriptionReader(client).subscriptionsOf({ id });
    expect(sent[0]?.url).toBe(`${origin}${id}/eventSubscriptions?api-version=2025-02-15`);
  });

  test('with an identity for delivery and for dead letters are read as those without', async () => {
    const plain = await read({
      destination: toFunction,
      deadLetterDestination: { endpointType: 'StorageBlob' },
    });
    const identity = { type: 'SystemAssigned' };
    const withIdentity = await read({
      destination: null,
      deliveryWithResourceIdentity: { identity, destination: toFunction },
      deadLetterWithResourceIdentity: { identity, deadLetterDestination: { endpointType: 'StorageBlob' } },
    });
    expect(plain).toMatchObject({ destination: { kind: 'function', resourceId: '/f' }, hasDeadLetter: true });
    expect(withIdentity).toEqual(plain);
  });

  test.each([
    [{}, { kind: 'other', endpointType: 'none' }],
    [
      { destination: { endpointType: 'WebHook', properties: { endpointBaseUrl: 'https://a/b' } } },
      { kind: 'webhook', url: 'https://a/b' },
    ],
    [
      { destination: { endpointType: 'AzureFunction', properties: null } },
      { kind: 'other', endpointType: 'AzureFunction' },
    ],
  ])('%j', async (properties, destination) => {
    expect(await read(properties)).toMatchObject({
      destination,
      includedEventTypes: [],
      hasDeadLetter: false,
    });
  });

  test('have their conditions (also those on the subject), their labels, and the identity for undelivered events', async () => {
    const found = await read({
      labels: ['postern-1'],
      filter: {
        subjectBeginsWith: '/subscriptions/1',
        subjectEndsWith: '',
        advancedFilters: [
          { operatorType: 'StringIn', key: 'data.type', values: ['a'] },
          { operatorType: 'NumberGreaterThan', key: 'data.size', value: 7 },
          { operatorType: 'NumberInRange', key: 'data.size', values: [[1, 2]] },
          { operatorType: 'IsNotNull', key: null },
        ],
      },
      deadLetterWithResourceIdentity: {
        identity: { type: 'UserAssigned', userAssignedIdentity: '/identities/events' },
        deadLetterDestination: { endpointType: 'StorageBlob' },
      },
    });
    expect(found).toMatchObject({ labels: ['postern-1'], deadLetterIdentityId: '/identities/events' });
    expect(found?.conditions).toEqual([
      { operatorType: 'StringIn', key: 'data.type', values: ['a'] },
      { operatorType: 'NumberGreaterThan', key: 'data.size', values: [] },
      { operatorType: 'NumberInRange', key: 'data.size', values: [] },
      { operatorType: 'IsNotNull', key: '', values: [] },
      { operatorType: 'StringBeginsWith', key: 'subject', values: ['/subscriptions/1'] },
    ]);
  });

  test.each([
    [undefined, []],
    [{ type: 'SystemAssigned' }, []],
    [
      { type: 'UserAssigned', userAssignedIdentities: { '/identities/a': {}, '/identities/b': null } },
      ['/identities/a', '/identities/b'],
    ],
  ])('a topic with the identity %j', async (identity, identityIds) => {
    const { client } = clientWith(
      listOf({ id, name: 't', identity, properties: { topicType: 't', source: 's' } }),
    );
    expect(await createArmEventSubscriptionReader(client).topics(subscription)).toMatchObject([
      { identityIds },
    ]);
  });

  test('a topic of another shape is unreadable', async () => {
    const { client, sent } = clientWith(listOf({ id, name: 't', properties: { source: 's' } }));
    await expect(createArmEventSubscriptionReader(client).topics(subscription)).rejects.toMatchObject({
      code: 'ARM_UNREADABLE',
    });
    expect(sent[0]?.url).toBe(
      `${origin}/subscriptions/${subscription}/providers/Microsoft.EventGrid/systemTopics?api-version=2025-02-15`,
    );
  });
});

describe('whose a token is', () => {
  const tokenOf = (claims: unknown): string =>
    `a.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c`;
  const nobody = { clientId: undefined, objectId: undefined, tenantId: undefined, isPerson: false };

  test.each<[string, unknown, object]>([
    [
      'a managed identity’s',
      { appid: subscription, oid: subscription, tid: subscription },
      { clientId: subscription, objectId: subscription, tenantId: subscription, isPerson: false },
    ],
    ['of version 2', { azp: subscription }, { ...nobody, clientId: subscription }],
    ['a person’s', { scp: 'user_impersonation' }, { ...nobody, isPerson: true }],
    ['with claims that are no ids', { appid: 'eyJ', oid: 1, tid: null }, nobody],
    ['of no claims', 'text', nobody],
  ])('%s', (_title, claims, holder) => {
    expect(holderFrom(tokenOf(claims))).toEqual(holder);
  });

  test.each(['', 'opaque', 'a.%%%.c'])('%j cannot be read, and no part of it is printed', (token) => {
    expect(holderFrom(token)).toEqual(nobody);
  });
});

describe('the deployment', () => {
  const app = `/subscriptions/${subscription}/resourceGroups/g/providers/Microsoft.Web/sites/f`;
  const found = (properties: object): ScriptedReply => ({ status: 200, body: { properties } });
  const notFound: ScriptedReply = {
    status: 404,
    body: { error: { code: 'ResourceNotFound', message: 'x' } },
  };
  const read = async (...replies: readonly ScriptedReply[]) => {
    const { client, sent } = clientWith(...replies);
    return { app: await createArmDeploymentReader(client).functionApp(app, 'onResourceEvent'), sent };
  };

  test('is an app and its function, each read once', async () => {
    const running = found({ state: 'Running', publicNetworkAccess: 'Disabled' });
    const { app: reported, sent } = await read(running, found({ isDisabled: true }));
    expect(reported).toEqual({ state: 'Running', isPublic: false, functionState: 'disabled' });
    expect(sent.map(({ url }) => url)).toEqual([
      `${origin}${app}?api-version=2024-04-01`,
      `${origin}${app}/functions/onResourceEvent?api-version=2024-04-01`,
    ]);
  });

  test.each<[string, readonly ScriptedReply[], unknown]>([
    ['no app', [notFound], undefined],
    [
      'no function',
      [found({ state: 'Stopped' }), notFound],
      { state: 'Stopped', isPublic: true, functionState: 'missing' },
    ],
    ['little reported', [found({}), found({})], { state: undefined, isPublic: true, functionState: 'ready' }],
  ])('with %s', async (_, replies, expected) => {
    expect((await read(...replies)).app).toEqual(expected);
  });

  test('is custom roles with what they allow', async () => {
    const properties = {
      roleName: 'Postern Operator',
      permissions: [{ actions: ['a/*'], notActions: null }],
    };
    const { client, sent } = clientWith(listOf({ properties }));
    expect(await createArmDeploymentReader(client).customRoles(subscription)).toEqual([
      { roleName: 'Postern Operator', permissions: [{ actions: ['a/*'], notActions: [] }] },
    ]);
    expect(sent[0]?.url).toContain("roleDefinitions?$filter=type%20eq%20'CustomRole'&api-version=2022-04-01");
  });

  test.each([[{}], [{ properties: { roleName: 'x', permissions: 'all' } }]])(
    'a role like %j is unreadable',
    async (item) => {
      const { client } = clientWith(listOf(item));
      await expect(createArmDeploymentReader(client).customRoles(subscription)).rejects.toMatchObject({
        code: 'ARM_UNREADABLE',
      });
    },
  );
});
