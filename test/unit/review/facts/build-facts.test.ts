import { factsFrom } from '../../../../src/review/facts/build-facts';
import { at, listed } from '../sample-input';

const subnet =
  '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/default';
const one = listed({ name: 'one', message: 'please' });
const details = { location: 'westeurope', tags: { env: 'prod' }, subnetId: subnet, targetIds: [] };
const sources = {
  connection: one,
  firstSeen: at(-60),
  all: [one],
  targetDetails: undefined,
  endpointDetails: undefined,
};

test('facts that were not read are absent, all others are as ARM spells them', () => {
  const { target } = one.id;
  expect(factsFrom(sources)).toEqual({
    connection: {
      id: one.id.id,
      name: 'one',
      status: 'Pending',
      message: 'please',
      groupIds: [],
      provisioningState: 'Succeeded',
      firstSeen: new Date(at(-60)),
    },
    endpoint: {
      id: one.endpoint!.id,
      subscriptionId: one.endpoint!.subscriptionId,
      resourceGroup: 'consumers',
      name: 'pe-one',
    },
    target: {
      id: target.id,
      type: 'Microsoft.KeyVault/vaults',
      subscriptionId: target.subscriptionId,
      resourceGroup: 'Shared-RG',
      name: 'vault-one',
    },
    consumer: { pending: 1, approved: 0, rejected: 0, disconnected: 0 },
  });
});

test('facts that cost a call come from what was read', () => {
  const targetDetails = { provisioningState: 'Succeeded', kind: 'k', location: 'north', tags: { a: 'b' } };
  const facts = factsFrom({ ...sources, targetDetails, endpointDetails: details });
  expect(facts.target).toMatchObject({ kind: 'k', location: 'north', tags: { a: 'b' } });
  expect(facts.endpoint).toMatchObject({
    location: 'westeurope',
    tags: { env: 'prod' },
    subnetId: subnet,
    virtualNetworkId: subnet.replace('/subnets/default', ''),
  });
});

test.each([
  ['/a/virtualNetworks/v/SUBNETS/s', '/a/virtualNetworks/v'],
  ['/a/subnets/x/virtualNetworks/v/subnets/s', '/a/subnets/x/virtualNetworks/v'],
  ['/a/virtualNetworks/v', '/a/virtualNetworks/v'],
])('the network of the subnet %s is %s', (subnetId, network) => {
  const facts = factsFrom({ ...sources, endpointDetails: { ...details, subnetId } });
  expect(facts.endpoint?.virtualNetworkId).toBe(network);
});

test('connections count by the subscription of their endpoints, whatever its casing', () => {
  const subscription = 'AAAAAAAA-1111-1111-1111-111111111111';
  const mine = listed({ name: 'mine', subscription });
  const all = [
    mine,
    listed({ name: 'a', subscription: subscription.toLowerCase(), status: 'approved' }),
    listed({ name: 'b', subscription, status: 'Approved' }),
    listed({ name: 'c', subscription, status: 'Rejected' }),
    listed({ name: 'd', subscription, status: 'Disconnected' }),
    listed({ name: 'e', subscription, status: 'Odd' }),
    listed({ name: 'f', status: 'Approved' }),
    { ...listed({ name: 'g', subscription }), endpoint: undefined },
  ];
  expect(factsFrom({ ...sources, connection: mine, all }).consumer).toEqual({
    pending: 1,
    approved: 2,
    rejected: 1,
    disconnected: 1,
  });
});

test('without an endpoint there is nobody to count for', () => {
  const facts = factsFrom({
    ...sources,
    connection: { ...one, endpoint: undefined },
    endpointDetails: details,
  });
  expect([facts.endpoint, facts.consumer]).toEqual([undefined, undefined]);
});

test.each<[string, readonly string[], readonly string[], boolean | undefined]>([
  ['is manual', [], ['target'], true],
  ['is automatic', ['target'], ['another'], false],
  ['is of both kinds: unknown', ['target'], ['target'], undefined],
  ['is not named: unknown', ['another'], ['another'], undefined],
])('a connection that %s', (_, automatic, manual, expected) => {
  const idOf = (name: string): string => (name === 'target' ? one.id.target.id.toUpperCase() : `/${name}`);
  const manualTargetIds = manual.map(idOf);
  const endpointDetails = {
    ...details,
    targetIds: [...automatic.map(idOf), ...manualTargetIds],
    manualTargetIds,
    resourceGuid: 'GUID',
  };
  expect(factsFrom({ ...sources, endpointDetails }).endpoint).toMatchObject({
    manual: expected,
    resourceGuid: 'GUID',
  });
});

test('peered networks are those of the endpoint’s network, and absent when it was not read', () => {
  const network = { peeredNetworks: ['/hub'] };
  const read = factsFrom({ ...sources, endpointDetails: details, network });
  expect(read.endpoint?.peeredNetworks).toEqual(['/hub']);
  expect(factsFrom({ ...sources, endpointDetails: details }).endpoint?.peeredNetworks).toBeUndefined();
});
