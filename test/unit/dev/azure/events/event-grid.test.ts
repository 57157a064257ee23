import type { SendInit } from '../../../../../dev/azure/events/event-grid';
import type { Disturbance } from '../../../../../dev/azure/index';
import { createTestAzure, type TestAzure } from '../../../../support/rigs/local-azure-world';

interface Hook {
  readonly world: TestAzure;
  readonly received: { url: string; init: SendInit }[];
  /** What the webhook answers to notifications from now on. */
  status: number;
  /** Whether it echoes the validation code. */
  validates: boolean;
}

const url = 'http://127.0.0.1:7071/runtime/webhooks/eventgrid?functionName=onResourceEvent&code=k';

function createHook(schema?: 'CloudEventSchemaV1_0', disturbance: Disturbance = {}): Hook {
  const received: Hook['received'] = [];
  const world = createTestAzure({
    eventGrid: {
      subscriptions: [{ url, schema }],
      disturbance,
      send: (to, init) => {
        if (init.headers['aeg-event-type'] !== 'SubscriptionValidation') {
          if (init.method === 'OPTIONS') return Promise.resolve({ status: 200, body: '' });
          received.push({ url: to, init });
          return Promise.resolve({ status: hook.status, body: '' });
        }
        const [{ data }] = JSON.parse(init.body ?? '[]') as [{ data: { validationCode: string } }];
        const validationResponse = hook.validates ? data.validationCode : 'wrong';
        return Promise.resolve({ status: 200, body: JSON.stringify({ validationResponse }) });
      },
    },
  });
  const hook: Hook = { world, received, status: 202, validates: true };
  return hook;
}

type Event = { eventType: string; subject: string; data: { operationName?: string } };

function eventsOf({ received }: Hook): Event[] {
  return received.flatMap(({ init }) => JSON.parse(init.body ?? '[]') as Event[]);
}

describe('the local Event Grid', () => {
  test('a request sends the proxy’s write under the target and the endpoint’s body, while it is Updating', async () => {
    const hook = createHook();
    const target = await hook.world.target('vault');
    await hook.world.connection(target);
    await hook.world.clock.advance(5);
    const events = eventsOf(hook);
    const proxy = events.find(
      ({ data }) => data.operationName === 'Microsoft.KeyVault/vaults/privateEndpointConnectionProxies/write',
    );
    expect(proxy?.eventType).toBe('Microsoft.Resources.ResourceWriteSuccess');
    expect(proxy?.subject.startsWith(`${target}/privateEndpointConnectionProxies/`)).toBe(true);
    const bodies = events.filter(
      ({ eventType }) => eventType === 'Microsoft.ResourceNotifications.Resources.CreatedOrUpdated',
    );
    expect(JSON.stringify(bodies)).toContain('"provisioningState":"Updating"');
    expect(JSON.stringify(bodies)).toContain(`"privateLinkServiceId":"${target}"`);
    expect(events.map(({ data }) => data.operationName)).toContain(
      'Microsoft.Network/privateEndpoints/write',
    );
    expect(hook.received.every(({ init }) => init.headers['aeg-event-type'] === 'Notification')).toBe(true);
  });

  test('approvals and deletes are told with the connection as subject', async () => {
    const hook = createHook();
    const id = await hook.world.connection(await hook.world.target('disk'));
    await hook.world.arm('PUT', id, {
      properties: { privateLinkServiceConnectionState: { status: 'Approved' } },
    });
    await hook.world.clock.advance(60);
    await hook.world.arm('DELETE', id);
    await hook.world.clock.advance(60);
    const mine = eventsOf(hook).filter(({ subject }) => subject === id);
    expect(mine.map(({ eventType, data }) => [eventType, data.operationName])).toEqual([
      [
        'Microsoft.Resources.ResourceWriteSuccess',
        'Microsoft.Compute/diskAccesses/privateEndpointConnections/write',
      ],
      [
        'Microsoft.Resources.ResourceDeleteSuccess',
        'Microsoft.Compute/diskAccesses/privateEndpointConnections/delete',
      ],
    ]);
  });

  test('CloudEvents are posted one by one, with their own names for things', async () => {
    const hook = createHook('CloudEventSchemaV1_0');
    await hook.world.target('vault');
    await hook.world.clock.advance(5);
    const [first] = hook.received;
    expect(first?.init.headers['content-type']).toContain('application/cloudevents+json');
    expect(JSON.parse(first?.init.body ?? '')).toMatchObject({
      specversion: '1.0',
      source: expect.stringContaining('/subscriptions/'),
    });
  });

  test('nothing is delivered before the webhook has proved that it wants events', async () => {
    const hook = createHook();
    hook.validates = false;
    await hook.world.target('vault');
    await hook.world.clock.advance(20);
    expect(hook.received).toEqual([]);
    hook.validates = true;
    await hook.world.clock.advance(10);
    expect(hook.received).toHaveLength(2);
  });

  test('a failed delivery comes again after 10 s, then after 30 s; a 400 is final', async () => {
    const hook = createHook();
    hook.status = 500;
    await hook.world.target('vault');
    await hook.world.clock.advance(5);
    expect(hook.received).toHaveLength(2);
    await hook.world.clock.advance(10);
    expect(hook.received).toHaveLength(4);
    hook.status = 400;
    await hook.world.clock.advance(30);
    expect(hook.received).toHaveLength(6);
    await hook.world.clock.advance(86_400);
    expect(hook.received).toHaveLength(6);
    expect(hook.world.azure.eventGrid.deliveries.map(({ state }) => state)).toEqual(['dropped', 'dropped']);
  });

  test('a webhook that never recovers is given up after a day', async () => {
    const hook = createHook();
    hook.status = 500;
    await hook.world.target('vault');
    await hook.world.clock.advance(2 * 86_400);
    expect(hook.world.azure.eventGrid.deliveries.every(({ state }) => state === 'dropped')).toBe(true);
  });

  test('disturbances drop and double events', async () => {
    const dropped = createHook(undefined, { dropProbability: 1 });
    await dropped.world.target('vault');
    await dropped.world.clock.advance(60);
    expect(dropped.received).toEqual([]);
    const doubled = createHook(undefined, { duplicateProbability: 1 });
    await doubled.world.target('vault');
    await doubled.world.clock.advance(60);
    expect(doubled.received).toHaveLength(4);
    expect(doubled.world.azure.eventGrid.deliveries.map(({ copies }) => copies)).toEqual([2, 2]);
  });
});
