import { factRoots, fieldOf, fieldsOf, isFactRoot } from '../../../../src/policy/facts/fact-fields';
import { FactGroup, viewFacts } from '../../../../src/policy/facts/fact-view';
import { facts, factsWith, now, subscriptionA, target } from '../../../support/samples/policy';

test('conditions see ids in lower case, counts as integers, and tags under names in lower case', () => {
  const viewed = viewFacts(facts, now);
  if (viewed.kind !== 'ready') throw new Error(viewed.problem);
  const { view } = viewed;
  expect(
    Object.values(view)
      .slice(0, 4)
      .every((group) => group instanceof FactGroup),
  ).toBe(true);
  expect(view.connection).toMatchObject({
    id: facts.connection.id.toLowerCase(),
    status: 'pending',
    message: 'please, CHG0012345',
    groupIds: ['gateway'],
    firstSeen: facts.connection.firstSeen,
  });
  expect(view.endpoint).toMatchObject({
    subscriptionId: subscriptionA,
    location: 'westeurope',
    tags: new Map([['owner', 'Team-Web']]),
  });
  expect(view.consumer).toMatchObject({ pending: 1n, approved: 2n, rejected: 0n, disconnected: 0n });
  expect(view.now).toEqual(now);
  expect(view.now).not.toBe(now);
});

test('an absent fact has no property, and an absent group is empty', () => {
  const without = {
    ...facts,
    endpoint: undefined,
    consumer: undefined,
    target: { ...target, kind: undefined },
  };
  const viewed = viewFacts(without, now);
  if (viewed.kind !== 'ready') throw new Error(viewed.problem);
  expect(Object.keys(viewed.view.endpoint)).toEqual([]);
  expect(Object.keys(viewed.view.consumer)).toEqual([]);
  expect(Object.keys(viewed.view.target)).not.toContain('kind');
});

test('facts beyond the limits are refused with the reason', () => {
  expect(viewFacts(factsWith({ firstSeen: new Date(Number.NaN) }), now)).toEqual({
    kind: 'refused',
    problem: 'a time among the facts is invalid',
  });
});

test('only facts are found by name, not what every object has', () => {
  expect(isFactRoot('endpoint')).toBe(true);
  expect([isFactRoot('toString'), isFactRoot('lists'), isFactRoot('__proto__')]).toEqual([
    false,
    false,
    false,
  ]);
  expect(fieldOf('endpoint', 'tags')).toBe(fieldsOf('endpoint')['tags']);
  expect([fieldOf('endpoint', 'constructor'), fieldOf('endpoint', 'kind')]).toEqual([undefined, undefined]);
});

test('each fact states what reading it costs', () => {
  const costly = factRoots.flatMap((root) =>
    Object.entries(fieldsOf(root)).flatMap(([name, { cost }]) =>
      cost === 'none' ? [] : `${root}.${name}: ${cost}`,
    ),
  );
  expect(costly).toEqual([
    'endpoint.tenantId: asks for the tenant',
    'endpoint.tenant: asks for the tenant',
    'endpoint.location: reads the endpoint',
    'endpoint.tags: reads the endpoint',
    'endpoint.subnetId: reads the endpoint',
    'endpoint.virtualNetworkId: reads the endpoint',
    'endpoint.peeredNetworks: reads the network',
    'endpoint.manual: reads the endpoint',
    'endpoint.resourceGuid: reads the endpoint',
    'requester.id: asks our resources',
    'requester.type: asks our resources',
    'requester.name: asks our resources',
    'requester.subscriptionId: asks our resources',
    'requester.subscriptionName: reads subscriptions',
    'requester.subscriptionTags: reads subscriptions',
    'requester.managementGroups: reads subscriptions',
    'requester.how: asks our resources',
    'target.tenantId: asks for the tenant',
    'target.kind: reads the target',
    'target.location: reads the target',
    'target.tags: reads the target',
    'expected.by: asks for the tenant of an announced name',
    'expected.until: asks for the tenant of an announced name',
  ]);
});

test('text is compared without case, but for messages and tags; moments and truth values have no case', () => {
  const withCase = (['connection', 'endpoint', 'target'] as const).flatMap((root) =>
    Object.entries(fieldsOf(root)).flatMap(([name, { withoutCase }]) =>
      withoutCase ? [] : `${root}.${name}`,
    ),
  );
  expect(withCase).toEqual([
    'connection.message',
    'connection.firstSeen',
    'endpoint.tags',
    'endpoint.manual',
    'target.opensMany',
    'target.tags',
  ]);
});
