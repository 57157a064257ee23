import { hasCode } from '../../../../../../src/base/errors';
import type { Connection } from '../../../../../../src/connections/connection';
import {
  connectionIdOf,
  parseEndpointId,
  parseTargetId,
} from '../../../../../../src/connections/resource-id';
import {
  createScriptedArm,
  type ScriptedReply,
  testEndpointId,
  wireConnection,
} from '../../../../../support/http/scripted-arm';

const group = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg';
const target = (type: string, name = 'target-1') => parseTargetId(`${group}/providers/${type}/${name}`);
const registry = target('Microsoft.ContainerRegistry/registries');
const missing: ScriptedReply = { status: 404, body: { error: { code: 'ResourceNotFound', message: 'no' } } };

function listed(of = registry, changes: Partial<Connection> = {}): Connection {
  return {
    id: connectionIdOf(of, 'c'),
    endpoint: parseEndpointId(testEndpointId),
    endpointText: testEndpointId,
    status: 'Pending',
    message: 'please',
    provisioningState: 'Succeeded',
    groupIds: [],
    etag: undefined,
    ...changes,
  };
}

async function write(
  replies: readonly ScriptedReply[],
  connection = listed(),
  effect: 'approve' | 'reject' | 'delete' = 'approve',
) {
  const arm = createScriptedArm(replies);
  const outcome: unknown = await arm.connections
    .write({ connection, effect, description: 'yes' }, () => undefined)
    .catch((error: unknown) => error);
  return { outcome, sent: arm.sent.map(({ method, body }) => ({ method, body })) };
}

const found: ScriptedReply = { status: 200, body: wireConnection(registry, 'c') };

describe('a write', () => {
  test('sends back what was just read, with the answer in it', async () => {
    const { outcome, sent } = await write([found, { status: 201, body: {} }]);
    expect(outcome).toMatchObject({ kind: 'accepted', httpStatus: 201 });
    const { properties, ...rest } = wireConnection(registry, 'c') as { properties: object };
    expect(sent.at(-1)).toEqual({
      method: 'PUT',
      body: {
        ...rest,
        properties: {
          ...properties,
          privateLinkServiceConnectionState: {
            status: 'Approved',
            description: 'yes',
            actionsRequired: 'None',
          },
        },
      },
    });
  });

  test('of a type without PUT patches the state alone', async () => {
    const batch = target('Microsoft.Batch/batchAccounts');
    const read = { status: 200, body: wireConnection(batch, 'c') };
    const { sent } = await write([read, { status: 202 }], listed(batch), 'reject');
    const state = { status: 'Rejected', description: 'yes' };
    expect(sent.at(-1)).toEqual({
      method: 'PATCH',
      body: { properties: { privateLinkServiceConnectionState: state } },
    });
  });

  test.each([
    ['another endpoint', { privateEndpoint: { id: testEndpointId.replace('PE-1', 'PE-2') } }],
    ['no endpoint any more', { privateEndpoint: null }],
    ['another status', { privateLinkServiceConnectionState: { status: 'Approved', description: '' } }],
  ])('to a connection with %s is not sent', async (_, changes) => {
    const { outcome, sent } = await write([{ status: 200, body: wireConnection(registry, 'c', changes) }]);
    expect(hasCode(outcome, 'ARM_CONFLICT')).toBe(true);
    expect(sent.map(({ method }) => method)).toEqual(['GET']);
  });

  test('to a connection that cannot be read now is not sent, and known not to be', async () => {
    const { outcome, sent } = await write([{ status: 503, headers: { 'retry-after': '7' } }]);
    expect(outcome).toMatchObject({ code: 'ARM_CONFLICT', retryAfterSeconds: 7 });
    expect(sent).toHaveLength(1);
  });

  test('to a name that Azure does not know fails while the connection is listed, and is gone otherwise', async () => {
    const list = { status: 200, body: { value: [wireConnection(registry, 'c')] } };
    expect((await write([missing, list])).outcome).toMatchObject({ code: 'ARM_REFUSED', httpStatus: 404 });
    const empty = { status: 200, body: { value: [] } };
    expect((await write([missing, empty])).outcome).toEqual({ kind: 'gone', httpStatus: 404 });
  });
});

describe('a list', () => {
  const parent = {
    status: 200,
    body: { properties: { privateEndpointConnections: [wireConnection(registry, 'c')] } },
  };

  test.each([404, 405])('that answers %d is read from the target itself', async (status) => {
    const arm = createScriptedArm([{ ...missing, status }, parent]);
    const listing = await arm.connections.list(registry);
    expect(listing?.connections.map(({ id }) => id.name)).toEqual(['c']);
  });

  test('of a target that is gone is undefined', async () => {
    const arm = createScriptedArm([missing, missing]);
    expect(await arm.connections.list(registry)).toBeUndefined();
  });

  test('of a slot is asked for below its site', async () => {
    const slot = parseTargetId(`${group}/providers/microsoft.web/SITES/shop/slots/blue`);
    expect(slot).toMatchObject({ type: 'Microsoft.Web/sites/slots', name: 'blue' });
    const arm = createScriptedArm([{ status: 200, body: { value: [wireConnection(slot, 'c')] } }]);
    const listing = await arm.connections.list(slot);
    expect(listing?.connections[0]?.id.id).toBe(
      `${group}/providers/Microsoft.Web/sites/shop/slots/blue/privateEndpointConnections/c`,
    );
    expect(arm.sent[0]?.url).toContain('/sites/shop/slots/blue/privateEndpointConnections?');
  });
});

test('a list, and then a write, use a version that Azure knows', async () => {
  const batch = target('Microsoft.Batch/batchAccounts');
  const refused: ScriptedReply = {
    status: 400,
    body: { error: { code: 'NoRegisteredProviderFound', message: 'No registered resource provider found' } },
  };
  const list: ScriptedReply = { status: 200, body: { value: [wireConnection(batch, 'c')] } };
  const one: ScriptedReply = { status: 200, body: wireConnection(batch, 'c') };
  const arm = createScriptedArm([refused, list, one, { status: 202, body: '' }]);
  const listing = await arm.connections.list(batch);
  expect(listing?.connections).toHaveLength(1);
  await arm.connections.write(
    { connection: listed(batch), effect: 'approve', description: 'yes' },
    () => undefined,
  );
  const versions = arm.sent.map(({ url }) => new URL(url).searchParams.get('api-version'));
  expect(versions[1]).not.toBe(versions[0]);
  expect(versions.slice(2)).toEqual([versions[1], versions[1]]);
});
