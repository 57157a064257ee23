import { parseEndpointId, parseTargetId } from '../../../src/connections/resource-id';
import { hintsFromEvent } from '../../support/samples/four-types';
import {
  apim,
  asCloudEvent,
  endpoint,
  endpointEvent,
  group,
  readEvent,
  storageAccount,
  vault,
} from '../../support/samples/event-samples';

const target = parseTargetId(vault);
const expects = endpoint.toLowerCase();

interface Notification {
  readonly data: { readonly resourceInfo: { readonly properties: Record<string, unknown> } };
}

describe('a notification about a private endpoint', () => {
  test('names the target, and the endpoint is what to expect there', () => {
    expect(hintsFromEvent(endpointEvent({ targets: [vault] }))).toEqual({
      kind: 'hints',
      hints: [{ kind: 'target', target, expects, isEarly: true }],
      unsupportedTargetIds: [],
    });
  });

  test('says the same as a CloudEvent', () => {
    const event = endpointEvent({ manualTargets: [vault] });
    expect(hintsFromEvent(asCloudEvent(event))).toEqual(hintsFromEvent(event));
    expect(hintsFromEvent(event)).toMatchObject({ kind: 'hints', hints: [{ target: { key: target.key } }] });
  });

  test('automatic and manual connections count alike, each target once, unknown types apart', () => {
    const event = endpointEvent({
      targets: [vault, storageAccount, vault.toUpperCase()],
      manualTargets: [apim, storageAccount],
    });
    const reading = hintsFromEvent(event);
    if (reading.kind !== 'hints') throw new Error(reading.kind);
    expect(reading.hints.map((hint) => hint.kind === 'target' && hint.target.name.toLowerCase())).toEqual([
      'kv-shared',
      'apim-shared',
    ]);
    expect(reading.unsupportedTargetIds).toEqual([storageAccount]);
  });

  test.each([
    ['Updating', true],
    ['creating', true],
    ['Succeeded', undefined],
    ['Failed', undefined],
    [7, undefined],
  ])('an endpoint that is %j is early: %j', (provisioningState, isEarly) => {
    const properties = (endpointEvent({ targets: [vault] }) as unknown as Notification).data.resourceInfo
      .properties;
    const event = withProperties(endpointEvent({ targets: [vault] }), { ...properties, provisioningState });
    const reading = hintsFromEvent(event);
    expect(reading.kind === 'hints' && reading.hints[0]).toEqual({
      kind: 'target',
      target,
      expects,
      ...(isEarly && { isEarly }),
    });
  });

  test('without a target the endpoint itself is the hint', () => {
    expect(hintsFromEvent(endpointEvent({}))).toEqual({
      kind: 'hints',
      hints: [{ kind: 'endpoint', endpoint: parseEndpointId(endpoint) }],
      unsupportedTargetIds: [],
    });
  });

  test('with connections in a shape nobody expects the endpoint itself is the hint', () => {
    const event = withProperties(endpointEvent({}), {
      privateLinkServiceConnections: [{ odd: true }, 7, null],
    });
    expect(hintsFromEvent(event)).toMatchObject({ kind: 'hints', hints: [{ kind: 'endpoint' }] });
    const odder = withProperties(endpointEvent({}), { manualPrivateLinkServiceConnections: 'none' });
    expect(hintsFromEvent(odder)).toMatchObject({ kind: 'hints', hints: [{ kind: 'endpoint' }] });
  });

  test('of another type’s target only, it is ignored with the target to be told of', () => {
    expect(hintsFromEvent(endpointEvent({ targets: [storageAccount] }))).toEqual({
      kind: 'ignored',
      reason: 'unsupported-target-type',
      targetId: storageAccount,
    });
  });

  test('an alias of somebody’s own service is a target of an unknown type', () => {
    const alias = 'svc.4f1c-11.westeurope.azure.privatelinkservice';
    expect(hintsFromEvent(endpointEvent({ manualTargets: [alias] }))).toEqual({
      kind: 'ignored',
      reason: 'unsupported-target-type',
      targetId: alias,
    });
  });

  test('a hostile target id is malformed, and does not hide a good one', () => {
    const hostile = `${vault}/../../evil?x=%00`;
    expect(hintsFromEvent(endpointEvent({ targets: [hostile] }))).toMatchObject({ kind: 'malformed' });
    expect(hintsFromEvent(endpointEvent({ targets: [hostile, vault] }))).toMatchObject({
      kind: 'hints',
      hints: [{ target: { key: target.key } }],
    });
  });

  test('more targets than any endpoint has are bounded', () => {
    const targets = Array.from({ length: 80 }, (_, index) => `${vault}${index}`);
    const reading = hintsFromEvent(endpointEvent({ targets }));
    expect(reading.kind === 'hints' && reading.hints).toHaveLength(50);
  });

  test('when it was deleted its targets are looked at, and nothing is expected', () => {
    expect(hintsFromEvent(endpointEvent({ targets: [vault], type: 'Deleted' }))).toEqual({
      kind: 'hints',
      hints: [{ kind: 'target', target }],
      unsupportedTargetIds: [],
    });
  });

  test('when it was deleted and names no target, the sweep must find it', () => {
    expect(hintsFromEvent(endpointEvent({ type: 'Deleted' }))).toEqual({
      kind: 'ignored',
      reason: 'endpoint-deleted-targets-unknown',
    });
  });

  test('the recorded one asks for a storage account, which is not ours', () => {
    expect(hintsFromEvent(readEvent('arn-privateendpoint-createdorupdated.json'))).toMatchObject({
      kind: 'ignored',
      reason: 'unsupported-target-type',
      targetId: expect.stringContaining('Microsoft.Storage/storageAccounts/21321132132321'),
    });
  });

  test('about its DNS zone group is ignored', () => {
    const event = endpointEvent({ id: `${endpoint}/privateDnsZoneGroups/default` });
    expect(hintsFromEvent(event)).toEqual({ kind: 'ignored', reason: 'endpoint-child' });
  });

  test('that lists more connections than an endpoint has counts as one that lists none', () => {
    const asked = { properties: { privateLinkServiceId: vault } };
    const hintsOf = (length: number) => {
      const list = Array<unknown>(length).fill(asked);
      return hintsFromEvent(withProperties(endpointEvent({}), { privateLinkServiceConnections: list }));
    };
    expect(hintsOf(100)).toMatchObject({ hints: [{ kind: 'target' }] });
    expect(hintsOf(101)).toMatchObject({ hints: [{ kind: 'endpoint' }] });
  });

  test('with a hostile id is malformed', () => {
    const event = endpointEvent({ id: `${group}/providers/Microsoft.Network/privateEndpoints/a\u202eb` });
    expect(hintsFromEvent(event)).toMatchObject({ kind: 'malformed' });
  });
});

describe('a notification about a target', () => {
  test.each([
    ['with connections is worth a look', { privateEndpointConnections: [{}] }, 'hints', undefined],
    ['that does not tell of connections is worth a look', {}, 'hints', undefined],
    [
      'without connections is ignored',
      { privateEndpointConnections: [] },
      'ignored',
      'target-without-connections',
    ],
    [
      'with null for connections is ignored',
      { privateEndpointConnections: null },
      'ignored',
      'target-without-connections',
    ],
  ])('%s', (_, properties, kind, reason) => {
    const event = withProperties(endpointEvent({ id: vault }), properties);
    expect(hintsFromEvent(event)).toMatchObject(
      kind === 'hints' ? { kind, hints: [{ kind: 'target', target }] } : { kind, reason },
    );
  });

  test('that was deleted is ignored', () => {
    const event = endpointEvent({ id: vault, type: 'Deleted' });
    expect(hintsFromEvent(event)).toEqual({ kind: 'ignored', reason: 'target-deleted' });
  });

  test('of another type is ignored without being told of', () => {
    const event = endpointEvent({ id: storageAccount });
    expect(hintsFromEvent(event)).toEqual({ kind: 'ignored', reason: 'other-resource' });
  });

  test('about one of its connections leads to the target', () => {
    const event = endpointEvent({ id: `${vault}/privateEndpointConnections/c` });
    expect(hintsFromEvent(event)).toMatchObject({ kind: 'hints', hints: [{ kind: 'target', target }] });
  });
});

/** Properties in place of all that the event had. */
function withProperties(event: Record<string, unknown>, properties: unknown): Record<string, unknown> {
  const { data } = event as { data: { resourceInfo: Record<string, unknown> } };
  return { ...event, data: { ...data, resourceInfo: { ...data.resourceInfo, properties } } };
}
