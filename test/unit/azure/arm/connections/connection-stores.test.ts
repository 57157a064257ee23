import type { Connection } from '../../../../../src/connections/connection';
import type { WriteEffect } from '../../../../../src/connections/connection-store';
import { connectionIdOf, parseEndpointId } from '../../../../../src/connections/resource-id';
import { ownStoreTypes, type OwnStoreType } from '../../../../../src/connections/target-type';
import { PosternError } from '../../../../../src/base/errors';
import {
  createScriptedArm,
  testEndpointId,
  testOrigin,
  testTarget,
  testToken,
  wireConnection,
  type ScriptedReply,
} from '../../../../support/http/scripted-arm';

const vault: OwnStoreType = 'Microsoft.KeyVault/vaults';
const hsm: OwnStoreType = 'Microsoft.KeyVault/managedHSMs';
const apim: OwnStoreType = 'Microsoft.ApiManagement/service';
const disk: OwnStoreType = 'Microsoft.Compute/diskAccesses';
const apiVersions: Record<OwnStoreType, string> = {
  [vault]: '2024-11-01',
  [hsm]: '2024-11-01',
  [apim]: '2024-05-01',
  [disk]: '2025-01-02',
};

const noFence = () => undefined;
/** A disk access's connection, with the dot that real ones have. */
const name = 'disk-1.0d735804-bd7a-4ed0-909c-5160b89cb271';

function connectionOf(type: OwnStoreType, changes: Partial<Connection> = {}): Connection {
  return {
    id: connectionIdOf(testTarget(type), name),
    endpoint: parseEndpointId(testEndpointId),
    endpointText: testEndpointId,
    status: 'Pending',
    message: 'please',
    provisioningState: 'Succeeded',
    groupIds: [],
    etag: 'stale',
    ...changes,
  };
}

const writeOf = (type: OwnStoreType, effect: WriteEffect) => ({
  connection: connectionOf(type),
  effect,
  description: 'please [yes]',
});

const urlOf = (type: OwnStoreType, child = '') =>
  `${testOrigin}${testTarget(type).id}/privateEndpointConnections${child}?api-version=${apiVersions[type]}`;

const armCode = (code: string, message = '') => ({ error: { code, message } });

describe.each(ownStoreTypes)('%s', (type) => {
  const target = testTarget(type);

  test('a list goes to the configured origin, with the real token, and is read', async () => {
    const arm = createScriptedArm([{ status: 200, body: { value: [wireConnection(target, 'a')] } }]);
    const listing = await arm.connections.list(target);
    expect(listing?.connections.map(({ id }) => id.name)).toEqual(['a']);
    expect(arm.sent).toMatchObject([
      {
        method: 'GET',
        url: urlOf(type),
        authorization: `Bearer ${testToken}`,
        userAgent: expect.stringMatching(/^postern\//),
      },
    ]);
    expect(arm.scopes).toEqual([`${testOrigin}/.default`]);
  });

  test('a list goes on over all pages', async () => {
    const nextLink = `${testOrigin}/next?api-version=1&$skiptoken=2`;
    const arm = createScriptedArm([
      { status: 200, body: { value: [wireConnection(target, 'a')], nextLink } },
      { status: 200, body: { value: [wireConnection(target, 'b')], nextLink: null } },
    ]);
    const listing = await arm.connections.list(target);
    expect(listing?.connections.map(({ id }) => id.name)).toEqual(['a', 'b']);
    expect(arm.sent[1]).toMatchObject({ method: 'GET', url: nextLink });
  });

  test('a connection that moved between two pages is listed once', async () => {
    const nextLink = `${testOrigin}/next?api-version=1&$skiptoken=2`;
    const again = { ...wireConnection(target, 'B'), etag: 'another' };
    const arm = createScriptedArm([
      { status: 200, body: { value: [wireConnection(target, 'a'), wireConnection(target, 'b')], nextLink } },
      { status: 200, body: { value: [again, wireConnection(target, 'c')] } },
    ]);
    const listing = await arm.connections.list(target);
    expect(listing?.connections.map(({ id }) => id.name)).toEqual(['a', 'b', 'c']);
    expect(listing?.malformed).toEqual([]);
  });

  test.each<[string, Record<string, unknown>]>([
    ['status', { privateLinkServiceConnectionState: { status: 'Approved', description: 'please' } }],
    ['message', { privateLinkServiceConnectionState: { status: 'Pending', description: 'now' } }],
    ['endpoint', { privateEndpoint: { id: `${testEndpointId}-2` } }],
    ['state', { provisioningState: 'Updating' }],
    ['groups', { groupIds: ['another'] }],
  ])(
    'a connection that is listed twice with another %s is unreadable, and the others are not',
    async (_, other) => {
      const twice = [
        wireConnection(target, 'b'),
        wireConnection(target, 'b', other),
        wireConnection(target, 'B'),
      ];
      const value = [wireConnection(target, 'a'), ...twice, wireConnection(target, 'c')];
      const listing = await createScriptedArm([{ status: 200, body: { value } }]).connections.list(target);
      expect(listing?.connections.map(({ id }) => id.name)).toEqual(['a', 'c']);
      expect(listing?.malformed).toEqual([
        { id: connectionIdOf(target, 'b').id, problem: expect.stringContaining('twice') },
      ]);
    },
  );

  test('a connection that can be read in one place only is unreadable', async () => {
    const broken = wireConnection(target, 'B', { privateLinkServiceConnectionState: {} });
    const value = [wireConnection(target, 'a'), wireConnection(target, 'b'), broken];
    const listing = await createScriptedArm([{ status: 200, body: { value } }]).connections.list(target);
    expect(listing?.connections.map(({ id }) => id.name)).toEqual(['a']);
    expect(listing?.malformed).toHaveLength(1);
  });

  test('a list that links to a stranger fails, and the stranger gets nothing', async () => {
    const arm = createScriptedArm([
      { status: 200, body: { value: [], nextLink: 'https://some.endpoint.com/x' } },
    ]);
    await expect(arm.connections.list(target)).rejects.toMatchObject({ code: 'ARM_UNTRUSTED_URL' });
    expect(arm.sent).toHaveLength(1);
  });

  test('a list that never ends is given up', async () => {
    const arm = createScriptedArm((_sent, index) => ({
      status: 200,
      body: { value: [], nextLink: `${testOrigin}/page?n=${index}` },
    }));
    await expect(arm.connections.list(target)).rejects.toMatchObject({ code: 'ARM_UNREADABLE' });
    expect(arm.sent).toHaveLength(100);
  });

  test('a list of more connections than any provider allows is given up', async () => {
    const value = Array.from({ length: 5001 }, (_, index) => wireConnection(target, `c${index}`));
    const arm = createScriptedArm([{ status: 200, body: { value } }]);
    await expect(arm.connections.list(target)).rejects.toMatchObject({ code: 'ARM_UNREADABLE' });
  });

  test.each<[string, ScriptedReply]>([
    [
      'the gateway',
      { status: 404, headers: { 'x-ms-failure-cause': 'gateway' }, body: armCode('ResourceNotFound') },
    ],
    ['the provider', { status: 404, body: armCode('ServiceNotFound', 'Api service does not exist: x') }],
    ['the resource group', { status: 404, body: armCode('ResourceGroupNotFound') }],
    ['the subscription', { status: 404, body: armCode('SubscriptionNotFound') }],
  ])('a target that is gone, according to %s, lists as undefined', async (_title, reply) => {
    await expect(createScriptedArm([reply]).connections.list(target)).resolves.toBeUndefined();
  });

  test('a 404 for an API that ARM does not know is no sign that anything is gone', async () => {
    const arm = createScriptedArm([{ status: 404, body: armCode('InvalidResourceType') }]);
    await expect(arm.connections.list(target)).rejects.toMatchObject({ code: 'ARM_REFUSED' });
  });

  test('one connection is read', async () => {
    const arm = createScriptedArm([{ status: 200, body: wireConnection(target, name) }]);
    await expect(arm.connections.get(connectionIdOf(target, name))).resolves.toMatchObject({
      status: 'Pending',
    });
    expect(arm.sent).toMatchObject([{ method: 'GET', url: urlOf(type, `/${name}`) }]);
  });

  test.each<[string, ScriptedReply]>([
    ['404', { status: 404, body: armCode('ResourceNotFound') }],
    ['404 without a body', { status: 404 }],
    ['204', { status: 204 }],
    [
      '400 in words',
      {
        status: 400,
        body: { code: 'BadRequest', message: "X does not contain a Private Endpoint Connection named 'y'" },
      },
    ],
  ])('a connection that went away (%s) is undefined', async (_title, reply) => {
    await expect(
      createScriptedArm([reply]).connections.get(connectionIdOf(target, name)),
    ).resolves.toBeUndefined();
  });

  test.each<[number, string]>([
    [400, 'ARM_REFUSED'],
    [401, 'ARM_UNAUTHENTICATED'],
    [403, 'ARM_FORBIDDEN'],
    [409, 'ARM_CONFLICT'],
    [429, 'ARM_THROTTLED'],
    [500, 'ARM_UNAVAILABLE'],
    [503, 'ARM_UNAVAILABLE'],
    [302, 'ARM_UNTRUSTED_URL'],
  ])('an answer of %d without a body is %s, at once and once', async (status, code) => {
    const headers = { 'retry-after': '300', location: `${testOrigin}/elsewhere` };
    const always = () => ({ status, headers });
    const { connections, sent } = createScriptedArm(always);
    const id = connectionIdOf(target, name);
    await expect(connections.list(target)).rejects.toMatchObject({ code });
    await expect(connections.get(id)).rejects.toMatchObject({ code });
    for (const effect of ['approve', 'reject', 'delete'] as const) {
      await expect(connections.write(writeOf(type, effect), noFence)).rejects.toMatchObject({ code });
    }
    // What ARM said to one read or write holds for the next of its kind: those are not even sent.
    expect(sent).toHaveLength(status === 429 ? 3 : 5);
  });

  test.each(['approve', 'reject', 'delete'] as const)(
    'a 403 to %s names the missing permission',
    async (effect) => {
      const verb = effect === 'delete' ? 'delete' : 'write';
      const arm = createScriptedArm([{ status: 403, body: armCode('AuthorizationFailed') }]);
      await expect(arm.connections.write(writeOf(type, effect), noFence)).rejects.toMatchObject({
        action: `${type}/privateEndpointConnections/${verb}`,
      });
    },
  );

  test.each([
    ['approve', 'Approved'],
    ['reject', 'Rejected'],
  ] as const)('to %s sends one PUT with the status, the description and no etag', async (effect, status) => {
    const arm = createScriptedArm([{ status: 200, body: {} }]);
    await arm.connections.write(writeOf(type, effect), noFence);
    expect(arm.sent).toMatchObject([
      {
        method: 'PUT',
        url: urlOf(type, `/${name}`),
        body: { properties: { privateLinkServiceConnectionState: { status, description: 'please [yes]' } } },
      },
    ]);
    expect(JSON.stringify(arm.sent[0]?.body)).not.toContain('stale');
  });

  test('a delete sends one DELETE', async () => {
    const arm = createScriptedArm([{ status: 200 }]);
    await expect(arm.connections.write(writeOf(type, 'delete'), noFence)).resolves.toMatchObject({
      kind: 'accepted',
      httpStatus: 200,
      operationUrl: undefined,
    });
    expect(arm.sent).toMatchObject([{ method: 'DELETE', url: urlOf(type, `/${name}`) }]);
  });

  test.each<[WriteEffect, ScriptedReply, number]>([
    ['approve', { status: 404, body: armCode('ResourceNotFound') }, 404],
    ['reject', { status: 400, body: armCode('BadRequest', 'Private endpoint connection x not found') }, 400],
    ['delete', { status: 404 }, 404],
    ['delete', { status: 204 }, 204],
  ])('to %s what went away is answered with gone', async (effect, reply, httpStatus) => {
    const arm = createScriptedArm([reply]);
    await expect(arm.connections.write(writeOf(type, effect), noFence)).resolves.toEqual({
      kind: 'gone',
      httpStatus,
    });
  });

  test.each(['approve', 'delete'] as const)(
    'an operation of a stranger is told, not taken, when we %s',
    async (effect) => {
      const location = 'https://some.endpoint.com/operations/1';
      const headers = { location, 'azure-asyncoperation': location };
      const arm = createScriptedArm([{ status: 202, headers }]);
      const reply = await arm.connections.write(writeOf(type, effect), noFence);
      const isAsked = effect === 'delete' || type === apim || type === disk;
      expect(reply).toMatchObject({
        kind: 'accepted',
        operationUrl: undefined,
        refusedUrl: isAsked ? location : undefined,
      });
      expect(arm.sent).toHaveLength(1);
    },
  );

  test('nothing is sent when the fence says that the lease is lost', async () => {
    const arm = createScriptedArm([]);
    const fence = () => {
      throw new PosternError('LEASE_LOST', 'somebody else');
    };
    for (const effect of ['approve', 'delete'] as const) {
      await expect(arm.connections.write(writeOf(type, effect), fence)).rejects.toMatchObject({
        code: 'LEASE_LOST',
      });
    }
    expect(arm.sent).toEqual([]);
  });

  test('the fence is asked when the token is there, right before the request leaves', async () => {
    const order: string[] = [];
    const arm = createScriptedArm(
      () => {
        order.push('sent');
        return { status: 200, body: {} };
      },
      {
        credential: {
          getToken: () => {
            order.push('token');
            return Promise.resolve({ token: 't', expiresOnTimestamp: Number.MAX_SAFE_INTEGER });
          },
        },
      },
    );
    await arm.connections.write(writeOf(type, 'approve'), () => order.push('fence'));
    expect(order).toEqual(['token', 'fence', 'sent']);
  });
});

describe('the body of a PUT', () => {
  test.each([vault, hsm, disk])('to %s carries the endpoint as it was listed', async (type) => {
    const arm = createScriptedArm([{ status: 200, body: {} }]);
    await arm.connections.write(writeOf(type, 'approve'), noFence);
    expect(arm.sent[0]?.body).toEqual({
      properties: {
        privateEndpoint: { id: testEndpointId },
        privateLinkServiceConnectionState: { status: 'Approved', description: 'please [yes]' },
      },
    });
  });

  test.each([vault, hsm, disk])('to %s names no endpoint when none was listed', async (type) => {
    const arm = createScriptedArm([{ status: 200, body: {} }]);
    const write = { ...writeOf(type, 'reject'), connection: connectionOf(type, { endpointText: undefined }) };
    await arm.connections.write(write, noFence);
    expect(arm.sent[0]?.body).toEqual({
      properties: { privateLinkServiceConnectionState: { status: 'Rejected', description: 'please [yes]' } },
    });
  });

  test('to API Management carries the id, without which it answers 400', async () => {
    const arm = createScriptedArm([{ status: 202, body: {} }]);
    await arm.connections.write(writeOf(apim, 'approve'), noFence);
    expect(arm.sent[0]?.body).toEqual({
      id: `${testTarget(apim).id}/privateEndpointConnections/${name}`,
      properties: { privateLinkServiceConnectionState: { status: 'Approved', description: 'please [yes]' } },
    });
  });
});

describe('the first reply to a write', () => {
  const operation = `${testOrigin}/operations/1?api-version=1`;
  const result = `${testOrigin}/results/1?api-version=1`;

  test.each<[string, OwnStoreType, WriteEffect, ScriptedReply, object]>([
    [
      'Key Vault, PUT: what the operation URL answers is unknown, the connection tells',
      vault,
      'approve',
      {
        status: 200,
        headers: { 'azure-asyncoperation': operation, 'retry-after': '60' },
        body: { properties: {} },
      },
      { httpStatus: 200, operationUrl: undefined, retryAfterSeconds: 60 },
    ],
    [
      'Key Vault, DELETE: 202 empty with a Location',
      vault,
      'delete',
      { status: 202, headers: { location: operation } },
      { httpStatus: 202, operationUrl: operation },
    ],
    [
      'Key Vault, DELETE: 202 without a Location',
      vault,
      'delete',
      { status: 202 },
      { httpStatus: 202, operationUrl: undefined },
    ],
    [
      'HSM, DELETE: 202 empty with a Location',
      hsm,
      'delete',
      { status: 202, headers: { location: operation } },
      { operationUrl: operation },
    ],
    ['HSM, DELETE: 200 with an empty body', hsm, 'delete', { status: 200 }, { httpStatus: 200 }],
    [
      'API Management, PUT: 202 with part of a body and a Location',
      apim,
      'approve',
      {
        status: 202,
        headers: { location: operation, 'retry-after': '60' },
        body: { id: 'x', properties: {} },
      },
      { httpStatus: 202, operationUrl: operation, retryAfterSeconds: 60 },
    ],
    [
      'API Management, DELETE: 202 {}',
      apim,
      'delete',
      { status: 202, headers: { location: operation }, body: {} },
      { operationUrl: operation },
    ],
    [
      'disk access, PUT: 202 empty with both headers; the operation is better than its result',
      disk,
      'reject',
      { status: 202, headers: { 'azure-asyncoperation': operation, location: result } },
      { httpStatus: 202, operationUrl: operation },
    ],
    [
      'disk access, PUT: an operation of a stranger beside a Location that is ours',
      disk,
      'reject',
      { status: 202, headers: { 'azure-asyncoperation': 'https://evil.test/1', location: result } },
      { operationUrl: result, refusedUrl: 'https://evil.test/1' },
    ],
    [
      'disk access, PUT: 200, nothing to do',
      disk,
      'approve',
      { status: 200, body: {} },
      { httpStatus: 200, operationUrl: undefined },
    ],
    [
      'disk access, DELETE: a relative Location',
      disk,
      'delete',
      { status: 202, headers: { location: '/x' } },
      { operationUrl: undefined, refusedUrl: '/x' },
    ],
    ['a PUT whose body is no JSON', disk, 'approve', { status: 200, body: '<html>' }, { httpStatus: 200 }],
    ['a status that no SDK model has', vault, 'approve', { status: 202 }, { httpStatus: 202 }],
    ['a 201', apim, 'approve', { status: 201 }, { httpStatus: 201 }],
  ])('%s', async (_title, type, effect, reply, expected) => {
    const arm = createScriptedArm([reply]);
    await expect(arm.connections.write(writeOf(type, effect), noFence)).resolves.toMatchObject({
      kind: 'accepted',
      ...expected,
    });
    expect(arm.sent).toHaveLength(1);
  });

  test('leaves nothing behind that fails unhandled, even when the write does', async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', listen);
    try {
      const arm = createScriptedArm(() => ({ status: 500 }));
      for (const type of ownStoreTypes) {
        await arm.connections.write(writeOf(type, 'delete'), noFence).catch(() => undefined);
        await arm.connections.write(writeOf(type, 'approve'), noFence).catch(() => undefined);
      }
      await new Promise((resolve) => setImmediate(resolve));
      expect(unhandled).toEqual([]);
    } finally {
      process.off('unhandledRejection', listen);
    }
  });
});
