import fc from 'fast-check';
import { ownStoreTypes, targetTypes } from '../../../src/connections/target-type';
import { hintsFromEvent } from '../../support/samples/four-types';
import { filterProblems, isDelivered, type EventFilter } from '../../support/repo/event-grid-filter';
import { endpointEvent, eventFiles, group, operationEvent } from '../../support/samples/event-samples';
import { ofType, snapshot } from '../../support/repo/infra';

const { predictedResources } = snapshot('events-own');
const filters = ofType(predictedResources, 'Microsoft.EventGrid/systemTopics/eventSubscriptions').map(
  ({ properties }) => properties?.['filter'] as EventFilter,
);

type Event = Readonly<Record<string, unknown>>;
const deliveries = (event: Event): number => filters.filter((filter) => isDelivered(filter, event)).length;

/** Why an event may be delivered and lead to nothing: no filter can see it, or the event itself must be told of. */
const sanitize: readonly string[] = [
  'endpoint-deleted-targets-unknown',
  'target-without-connections',
  'target-deleted',
  'unsupported-target-type',
];

test('there is one event subscription for operations and one for notifications', () => {
  const types = filters.map(({ includedEventTypes = [] }) =>
    includedEventTypes.map((type) => type.split('.')[1]),
  );
  expect(types.map((one) => [...new Set(one)])).toEqual([['Resources'], ['ResourceNotifications']]);
  const topics = ofType(predictedResources, 'Microsoft.EventGrid/systemTopics');
  expect(topics.map(({ properties }) => properties?.['topicType'])).toEqual([
    'Microsoft.Resources.Subscriptions',
    'Microsoft.ResourceNotifications.Resources',
  ]);
});

test('more than Event Grid takes would be found', () => {
  const values = Array.from({ length: 26 }, () => 'x'.repeat(513));
  const filter = { advancedFilters: [{ operatorType: 'StringLike', key: 'data.a-b', values }] };
  expect(filterProblems(filter)).toEqual([
    '26 values in all',
    ...values.map(() => '513 characters in one value'),
    'the key data.a-b',
    'the operator StringLike',
  ]);
});

describe('the samples of events', () => {
  const samples = eventFiles().filter(({ event }) => 'eventType' in event);

  test.each(samples.map(({ name, event }) => [name, event] as const))('%s', (_, event) => {
    const reading = hintsFromEvent(event);
    if (reading.kind === 'hints') expect(deliveries(event)).toBe(1);
    if (reading.kind === 'ignored' && !sanitize.includes(reading.reason)) expect(deliveries(event)).toBe(0);
  });

  test('show both', () => {
    expect(new Set(samples.map(({ event }) => deliveries(event)))).toEqual(new Set([0, 1]));
  });
});

const casings: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.toLowerCase(),
  (text) => text.toUpperCase(),
  // As Key Vault itself was recorded to spell it.
  (text) => text.replace('Microsoft.KeyVault', 'Microsoft.Keyvault'),
];
const named = (type: string): string => `${group}/providers/${type}/abc`;

describe('operations', () => {
  const ours = ownStoreTypes.flatMap((type) =>
    [
      ['privateEndpointConnections', 'write', 'Write'],
      ['privateEndpointConnections', 'delete', 'Delete'],
      ['privateEndpointConnectionProxies', 'write', 'Write'],
      ['privateEndpointConnectionProxies', 'delete', 'Delete'],
      ['privateEndpointConnectionProxies', 'validate/action', 'Action'],
      ['PrivateEndpointConnectionsApproval', 'action', 'Action'],
    ].map(([child = '', verb = '', kind = '']) => ({
      operation: `${type}/${child}/${verb}`,
      subject: child.endsWith('Approval') ? named(type) : `${named(type)}/${child}/x`,
      kind: kind as 'Write' | 'Action' | 'Delete',
    })),
  );
  const written = {
    operation: 'Microsoft.Network/privateEndpoints/write',
    subject: named('Microsoft.Network/privateEndpoints'),
    kind: 'Write' as const,
  };

  test.each([...ours, written])('$operation is delivered in any casing, and leads to a review', (one) => {
    for (const casing of casings) {
      const event = operationEvent(one.kind, casing(one.operation), casing(one.subject));
      expect(hintsFromEvent(event).kind).toBe('hints');
      expect(deliveries(event)).toBe(1);
    }
  });

  test.each([
    ['Microsoft.KeyVault/vaults/write', 'Microsoft.KeyVault/vaults'],
    ['Microsoft.KeyVault/vaults/secrets/write', 'Microsoft.KeyVault/vaults'],
    ['Microsoft.ApiManagement/service/gateways/write', 'Microsoft.ApiManagement/service'],
    ['Microsoft.Network/privateEndpoints/delete', 'Microsoft.Network/privateEndpoints'],
    ['Microsoft.Network/privateEndpoints/privateDnsZoneGroups/write', 'Microsoft.Network/privateEndpoints'],
    ['Microsoft.Compute/virtualMachines/write', 'Microsoft.Compute/virtualMachines'],
  ])('%s is not delivered', (operation, type) => {
    for (const casing of casings) {
      const kind = operation.endsWith('delete') ? 'Delete' : 'Write';
      expect(deliveries(operationEvent(kind, casing(operation), casing(named(type))))).toBe(0);
    }
  });

  test.each(targetTypes().map((type) => [type]))(
    'a request to a %s is delivered, whether or not it is answered',
    (type) => {
      for (const casing of casings) {
        const operation = `${type}/privateEndpointConnectionProxies/write`;
        const event = operationEvent(
          'Write',
          casing(operation),
          `${named(type)}/privateEndpointConnectionProxies/x`,
        );
        expect(deliveries(event)).toBe(1);
      }
    },
  );

  test('failures are not delivered', () => {
    for (const { operation, subject } of ours) {
      const event = operationEvent('Write', operation, subject);
      expect(deliveries({ ...event, eventType: 'Microsoft.Resources.ResourceWriteFailure' })).toBe(0);
    }
  });

  test('whatever happens, what leads to a review is delivered, and what is nothing of ours is not', () => {
    const type = fc.constantFrom(
      ...ownStoreTypes,
      'Microsoft.Network/privateEndpoints',
      'Microsoft.Sql/servers',
    );
    const child = fc.constantFrom(
      '',
      '/privateEndpointConnections',
      '/privateEndpointConnectionProxies',
      '/gateways/privateEndpointConnections',
      '/keys',
    );
    const verb = fc.constantFrom('write' as const, 'delete' as const, 'action' as const);
    fc.assert(
      fc.property(type, child, verb, fc.constantFrom(...casings), (of, below, does, casing) => {
        const parts = below === '' ? [] : below.slice(1).split('/');
        const subject = [named(of), ...parts.flatMap((part) => [part, 'x'])].join('/');
        const operation = `${of}${below}/${does === 'action' ? 'validate/action' : does}`;
        const kind = ({ write: 'Write', delete: 'Delete', action: 'Action' } as const)[does];
        const event = operationEvent(kind, casing(operation), casing(subject));
        const reading = hintsFromEvent(event);
        if (reading.kind === 'hints') expect(deliveries(event)).toBe(1);
        else if (deliveries(event) > 0)
          expect(sanitize).toContain(reading.kind === 'ignored' && reading.reason);
      }),
    );
  });
});

describe('notifications', () => {
  const [vault = ''] = ownStoreTypes.map(named);

  test.each(['CreatedOrUpdated', 'Deleted'] as const)('an endpoint that is %s is delivered', (type) => {
    const event = endpointEvent({ targets: [vault], type });
    expect(hintsFromEvent(event).kind).toBe('hints');
    expect(deliveries(event)).toBe(1);
  });

  const kinds = ownStoreTypes.flatMap((type) => [
    type,
    `${type}/privateEndpointConnections`,
    `${type}/privateEndpointConnectionProxies`,
  ]);

  test.each(kinds)('a %s that was changed is delivered in any casing, and leads to a review', (type) => {
    for (const casing of casings) {
      const event = notification(casing(type), casing(idOf(type)));
      expect(hintsFromEvent(event).kind).toBe('hints');
      expect(deliveries(event)).toBe(1);
    }
  });

  test.each([
    'Microsoft.Storage/storageAccounts',
    'Microsoft.Compute/virtualMachines',
    'Microsoft.KeyVault/vaults/keys',
  ])('a %s that was changed is not delivered', (type) =>
    expect(deliveries(notification(type, idOf(type)))).toBe(0),
  );
});

function idOf(type: string): string {
  const [namespace, ...types] = type.split('/');
  return `${group}/providers/${namespace}/${types.map((one) => `${one}/abc`).join('/')}`;
}

/** A notification of any resource, in Event Grid's schema. */
function notification(type: string, id: string): Event {
  return {
    id: '1',
    subject: id,
    eventType: 'Microsoft.ResourceNotifications.Resources.CreatedOrUpdated',
    data: { resourceInfo: { id, type, properties: {} } },
  };
}
