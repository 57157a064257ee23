import { localIdentity, localSubscriptionId, type SystemTopic } from '../../../../../dev/azure';
import type { JsonObject } from '../../../../../dev/azure/http/message';
import { createTestAzure, type TestAzure } from '../../../../support/rigs/local-azure-world';

const subscription = `/subscriptions/${localSubscriptionId}`;
const version = 'api-version=2025-02-15';
const topic: SystemTopic = {
  subscriptionId: localSubscriptionId,
  resourceGroup: 'rg-postern',
  name: 'egst-one',
  topicType: 'Microsoft.Resources.Subscriptions',
  eventSubscriptions: [
    {
      name: 'postern',
      properties: {
        eventDeliverySchema: 'CloudEventSchemaV1_0',
        destination: {
          endpointType: 'AzureFunction',
          properties: { resourceId: `${subscription}/functions/onResourceEvent` },
        },
      },
    },
  ],
};
const topicsPath = `${subscription}/providers/Microsoft.EventGrid/systemTopics`;
const eventsPath = (name: string): string =>
  `${subscription}/resourceGroups/rg-postern/providers/Microsoft.EventGrid/systemTopics/${name}/eventSubscriptions`;
const namesOf = ({ body }: { body: JsonObject }): unknown[] =>
  (body['value'] as JsonObject[]).map(({ name }) => name);

test('a subscription’s system topics are listed as Event Grid shows them', async () => {
  const world = createTestAzure({ systemTopics: [topic] });
  const { status, body } = await world.arm('GET', `${topicsPath}?${version}`);
  expect(status).toBe(200);
  expect(body).toEqual({
    value: [
      {
        properties: {
          provisioningState: 'Succeeded',
          source: subscription,
          topicType: 'Microsoft.Resources.Subscriptions',
          metricResourceId: localSubscriptionId,
        },
        location: 'global',
        tags: null,
        id: `${subscription}/resourceGroups/rg-postern/providers/Microsoft.EventGrid/systemTopics/egst-one`,
        name: 'egst-one',
        type: 'Microsoft.EventGrid/systemTopics',
      },
    ],
  });
});

test('a topic’s event subscriptions are listed, with what was given over the usual', async () => {
  const world = createTestAzure({ systemTopics: [topic] });
  const { body } = await world.arm('GET', `${eventsPath('EGST-ONE')}?${version}`);
  expect(body['value']).toMatchObject([
    {
      properties: {
        provisioningState: 'Succeeded',
        eventDeliverySchema: 'CloudEventSchemaV1_0',
        retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 },
        destination: { endpointType: 'AzureFunction' },
      },
      name: 'postern',
      type: 'Microsoft.EventGrid/systemTopics/eventSubscriptions',
    },
  ]);
});

test('a topic that is not there is a 404, and other subscriptions have none', async () => {
  const world = createTestAzure({ systemTopics: [topic] });
  expect((await world.arm('GET', `${eventsPath('egst-two')}?${version}`)).status).toBe(404);
  const other = topicsPath.replace(localSubscriptionId, '22222222-2222-4222-8222-222222222222');
  expect(namesOf(await world.arm('GET', `${other}?${version}`))).toEqual([]);
});

test('lists come in pages of twenty', async () => {
  const systemTopics = Array.from({ length: 25 }, (_, index) => ({ ...topic, name: `t${index}` }));
  const world = createTestAzure({ systemTopics });
  const first = await world.arm('GET', `${topicsPath}?${version}`);
  const second = await world.arm('GET', first.body['nextLink'] as string);
  expect([namesOf(first).length, namesOf(second)]).toEqual([20, ['t20', 't21', 't22', 't23', 't24']]);
  expect(second.body['nextLink']).toBeUndefined();
});

test('both need their own action', async () => {
  const world = createTestAzure({
    systemTopics: [topic],
    roles: [
      { principal: localIdentity.objectId, scope: '/', actions: ['Microsoft.EventGrid/systemTopics/read'] },
    ],
  });
  expect((await world.arm('GET', `${topicsPath}?${version}`)).status).toBe(200);
  expect((await world.arm('GET', `${eventsPath('egst-one')}?${version}`)).status).toBe(403);
});

test.each([
  ['PUT', eventsPath('egst-one')],
  ['GET', `${eventsPath('egst-one')}/postern`],
  ['GET', eventsPath('egst-one').replace('/eventSubscriptions', '')],
  ['GET', `${subscription}/providers/Microsoft.EventGrid/topics`],
])('%s %s is a loud 501', async (method, path) => {
  const world: TestAzure = createTestAzure({ systemTopics: [topic] });
  expect((await world.arm(method, path, method === 'PUT' ? {} : undefined)).status).toBe(501);
});
