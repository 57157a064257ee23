import { hintsFromEvent } from '../../support/samples/four-types';
import { parseEndpointId, parseTargetId } from '../../../src/connections/resource-id';
import {
  apim,
  asCloudEvent,
  endpoint,
  group,
  operationEvent,
  storageAccount,
  vault,
} from '../../support/samples/event-samples';

const proxy = `${vault}/privateEndpointConnectionProxies/kv-shared.1234`;
const connection = `${vault}/privateEndpointConnections/conn-1`;
const target = parseTargetId(vault);

const cases: {
  title: string;
  kind: 'Write' | 'Action' | 'Delete';
  operation: string;
  subject: string;
  reading: unknown;
}[] = [
  {
    title: 'a new proxy on a vault announces a connection that will wait',
    kind: 'Write',
    operation: 'Microsoft.KeyVault/vaults/privateEndpointConnectionProxies/write',
    subject: proxy,
    reading: hints({ kind: 'target', target, expects: 'any' }),
  },
  {
    title: 'a proxy that is validated announces one, too',
    kind: 'Action',
    operation: 'Microsoft.KeyVault/vaults/privateEndpointConnectionProxies/validate/action',
    subject: proxy,
    reading: hints({ kind: 'target', target, expects: 'any' }),
  },
  {
    title: 'the action may hang on the subject',
    kind: 'Action',
    operation: 'Microsoft.KeyVault/vaults/privateEndpointConnectionProxies/validate/action',
    subject: `${proxy}/validate`,
    reading: hints({ kind: 'target', target, expects: 'any' }),
  },
  {
    title: 'another action on a proxy announces nothing',
    kind: 'Action',
    operation: 'Microsoft.KeyVault/vaults/privateEndpointConnectionProxies/updateProperties/action',
    subject: proxy,
    reading: hints({ kind: 'target', target }),
  },
  {
    title: 'a proxy that is deleted announces nothing',
    kind: 'Delete',
    operation: 'Microsoft.KeyVault/vaults/privateEndpointConnectionProxies/delete',
    subject: proxy,
    reading: hints({ kind: 'target', target }),
  },
  {
    title: 'a connection that is written is looked at, nothing new is expected',
    kind: 'Write',
    operation: 'Microsoft.KeyVault/vaults/privateEndpointConnections/write',
    subject: connection,
    reading: hints({ kind: 'target', target }),
  },
  {
    title: 'a connection that is deleted is looked at',
    kind: 'Delete',
    operation: 'Microsoft.KeyVault/vaults/privateEndpointConnections/delete',
    subject: connection,
    reading: hints({ kind: 'target', target }),
  },
  {
    title: 'a connection is known by its subject alone',
    kind: 'Write',
    operation: '',
    subject: connection,
    reading: hints({ kind: 'target', target }),
  },
  {
    title: 'the approval permission names the target itself',
    kind: 'Action',
    operation: 'Microsoft.KeyVault/vaults/PrivateEndpointConnectionsApproval/action',
    subject: vault,
    reading: hints({ kind: 'target', target }),
  },
  {
    title: 'casing does not matter',
    kind: 'Write',
    operation: 'MICROSOFT.APIMANAGEMENT/SERVICE/PRIVATEENDPOINTCONNECTIONPROXIES/WRITE',
    subject: `${apim.toUpperCase()}/PRIVATEENDPOINTCONNECTIONPROXIES/P`,
    reading: hints({ kind: 'target', target: parseTargetId(apim.toUpperCase()), expects: 'any' }),
  },
  {
    title: 'a proxy of another type is ignored, with the target to be told of',
    kind: 'Write',
    operation: 'Microsoft.Storage/storageAccounts/privateEndpointConnectionProxies/write',
    subject: `${storageAccount}/privateEndpointConnectionProxies/p`,
    reading: { kind: 'ignored', reason: 'unsupported-target-type', targetId: storageAccount },
  },
  {
    title: 'a connection of something inside an API Management service is not the service’s',
    kind: 'Write',
    operation: 'Microsoft.ApiManagement/service/gateways/privateEndpointConnections/write',
    subject: `${apim}/gateways/g/privateEndpointConnections/c`,
    reading: { kind: 'ignored', reason: 'unsupported-target-type', targetId: `${apim}/gateways/g` },
  },
  {
    title: 'an endpoint that is written leads to its targets',
    kind: 'Write',
    operation: 'Microsoft.Network/privateEndpoints/write',
    subject: endpoint,
    reading: hints({ kind: 'endpoint', endpoint: parseEndpointId(endpoint) }),
  },
  {
    title: 'an endpoint that is deleted is left to the sweep',
    kind: 'Delete',
    operation: 'Microsoft.Network/privateEndpoints/delete',
    subject: endpoint,
    reading: { kind: 'ignored', reason: 'endpoint-deleted-targets-unknown' },
  },
  {
    title: 'a DNS zone group of an endpoint is not the endpoint',
    kind: 'Write',
    operation: 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups/write',
    subject: `${endpoint}/privateDnsZoneGroups/default`,
    reading: { kind: 'ignored', reason: 'endpoint-child' },
  },
  {
    title: 'a vault that is written says nothing of connections',
    kind: 'Write',
    operation: 'Microsoft.KeyVault/vaults/write',
    subject: vault,
    reading: { kind: 'ignored', reason: 'other-resource' },
  },
  {
    title: 'a vault may be called like a type of child',
    kind: 'Write',
    operation: 'Microsoft.KeyVault/vaults/write',
    subject: `${group}/providers/Microsoft.KeyVault/vaults/privateEndpoints`,
    reading: { kind: 'ignored', reason: 'other-resource' },
  },
  {
    title: 'a hostile connection name is malformed',
    kind: 'Write',
    operation: 'Microsoft.KeyVault/vaults/privateEndpointConnections/write',
    subject: `${vault}/privateEndpointConnections/..%2f..%2fevil`,
    reading: { kind: 'malformed', problem: expect.stringContaining('resource id') },
  },
  {
    title: 'a vault name that no vault can have is malformed',
    kind: 'Write',
    operation: 'Microsoft.KeyVault/vaults/privateEndpointConnections/write',
    subject: `${group}/providers/Microsoft.KeyVault/vaults/not a vault/privateEndpointConnections/c`,
    reading: { kind: 'malformed', problem: expect.stringContaining('name') },
  },
];

describe('an event of the subscription topic', () => {
  test.each(cases)('$title', ({ kind, operation, subject, reading }) => {
    const event = operationEvent(kind, operation, subject);
    expect(hintsFromEvent(event)).toEqual(reading);
    expect(hintsFromEvent(asCloudEvent(event))).toEqual(reading);
  });

  test.each(['ResourceWriteFailure', 'ResourceWriteCancel', 'ResourceActionFailure', 'ResourceDeleteCancel'])(
    '%s is ignored: nothing has happened',
    (name) => {
      const event = operationEvent(
        'Write',
        'Microsoft.KeyVault/vaults/privateEndpointConnections/write',
        connection,
      );
      expect(hintsFromEvent({ ...event, eventType: `Microsoft.Resources.${name}` })).toEqual({
        kind: 'ignored',
        reason: 'failed-operation',
      });
    },
  );

  test('without a subject the resource is in the data', () => {
    const event = operationEvent('Write', 'Microsoft.Network/privateEndpoints/write', endpoint);
    expect(hintsFromEvent({ ...event, subject: undefined })).toMatchObject({ kind: 'hints' });
  });

  test('data and event may be JSON in a string', () => {
    const event = operationEvent('Write', 'Microsoft.Network/privateEndpoints/write', endpoint);
    const expected = hintsFromEvent(event);
    expect(hintsFromEvent({ ...event, subject: undefined, data: JSON.stringify(event['data']) })).toEqual(
      expected,
    );
    expect(hintsFromEvent(JSON.stringify(event))).toEqual(expected);
  });
});

function hints(...list: unknown[]): unknown {
  return { kind: 'hints', hints: list, unsupportedTargetIds: [] };
}

describe('an event that names who made the change', () => {
  const own = '5e1f0000-0000-4000-8000-000000000001';
  const claim = 'http://schemas.microsoft.com/identity/claims/objectidentifier';
  const by = (objectId: unknown, operation: string, subject: string): unknown => {
    const event = operationEvent('Write', operation, subject) as { data: object };
    return { ...event, data: { ...event.data, claims: { [claim]: objectId } } };
  };
  const write = 'Microsoft.KeyVault/vaults/privateEndpointConnections/write';

  test.each([own, own.toUpperCase()])('is dropped if that was Postern itself: %s', (objectId) => {
    expect(hintsFromEvent(by(objectId, write, connection), own)).toEqual({
      kind: 'ignored',
      reason: 'own-write',
    });
    expect(hintsFromEvent(by(objectId, write, vault), own)).toEqual({ kind: 'ignored', reason: 'own-write' });
  });

  test.each<[string, unknown, string, string, string | undefined]>([
    ['somebody else', '11111111-0000-4000-8000-000000000001', write, connection, own],
    ['nobody', undefined, write, connection, own],
    ['something odd', [own], write, connection, own],
    ['Postern, which does not know itself yet', own, write, connection, undefined],
    ['a stranger without a name, before Postern knows itself', undefined, write, connection, undefined],
    [
      'Postern, but of what it never does',
      own,
      'Microsoft.KeyVault/vaults/privateEndpointConnectionProxies/write',
      proxy,
      own,
    ],
  ])('is a hint if it names %s', (_, objectId, operation, subject, known) => {
    expect(hintsFromEvent(by(objectId, operation, subject), known).kind).toBe('hints');
  });
});
