import { noReads } from '../../../src/policy/cel/costly-reads';
import { createArm } from '../../../src/azure/arm/arm';
import { loadPolicy } from '../../../src/policy/compile-policy';
import { ownStoreTypes } from '../../../src/connections/target-type';
import { parseConnectionId } from '../../../src/connections/resource-id';
import { readConnection } from '../../../src/cli/facts/read-live-facts';
import { createOwnSubscriptions } from '../../../src/review/facts/own-subscriptions';
import { systemClock } from '../../../src/base/clock';
import { createLocalAzure, localIdentity, localTenantId, type InProcessAzure } from '../../../dev/azure';
import { testTarget } from '../../support/http/scripted-arm';

const corp = '21111111-1111-4111-8111-111111111111';
const sandbox = '22222222-2222-4222-8222-222222222222';
const lookAlike = '23333333-3333-4333-8333-333333333333';
const delegated = '24444444-4444-4444-8444-444444444444';
const hidden = '25555555-5555-4555-8555-555555555555';
const foreign = '26666666-6666-4666-8666-666666666666';
const customer = '0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b';

const group = (name: string, displayName = name) => ({ name, displayName });

let azure: InProcessAzure;
afterEach(() => azure.close());

function open() {
  azure = createLocalAzure({
    foreignTenants: { [customer]: [delegated, foreign] },
    places: {
      [corp]: { name: 'Shop', tags: { Env: 'prod' }, groups: [group('corp-online'), group('Corp')] },
      [sandbox]: { groups: [group('sandbox')] },
      // Whoever makes a group gives it any display name, and an id that only resembles another one.
      [lookAlike]: { name: 'corp', tags: { corp: 'corp' }, groups: [group('corp-of-others', 'corp')] },
      [delegated]: { groups: [group('corp')], isDelegated: true },
      [foreign]: { groups: [group('corp')] },
      [hidden]: { groups: [group('corp')] },
    },
    roles: [
      {
        principal: localIdentity.objectId,
        scope: '/',
        actions: ['*'],
      },
    ],
    deny: [
      {
        principal: localIdentity.objectId,
        action: 'Microsoft.Resources/subscriptions/read',
        scope: `/subscriptions/${hidden}`,
      },
    ],
  });
  const { credential, httpClient } = azure;
  const arm = createArm({ endpoint: 'https://management.azure.com', credential, httpClient });
  const logger = { warn: () => undefined };
  const ownSubscriptions = createOwnSubscriptions({
    subscriptions: arm.subscriptions,
    clock: systemClock,
    logger,
  });
  const tenants = { tenantOf: (id: string) => arm.subscriptions.readTenant(id) };
  return {
    arm,
    live: { ...arm, tenants, ownSubscriptions, finder: arm.graph, types: ownStoreTypes },
    ownSubscriptions,
  };
}

test('subscriptions are read with their groups, those of customers too, and what is hidden is left out', async () => {
  const { arm } = open();
  const found = new Map((await arm.subscriptions.list()).map((each) => [each.subscriptionId, each]));
  expect(found.get(corp)).toEqual({
    subscriptionId: corp,
    name: 'Shop',
    tenantId: localTenantId,
    tags: { Env: 'prod' },
    managementGroups: ['corp-online', 'Corp', localTenantId],
  });
  expect(found.get(delegated)?.tenantId).toBe(customer);
  expect([found.has(hidden), found.has(foreign)]).toEqual([false, false]);
});

test.each<[string, string, string]>([
  ['below the group, at any depth', corp, 'approve'],
  ['below another group', sandbox, 'hold'],
  ['whose group is only called so', lookAlike, 'hold'],
  ['that a customer delegated to us', delegated, 'hold'],
  ['of another tenant', foreign, 'hold'],
  ['that we may not read', hidden, 'hold'],
])('a request from a subscription %s', async (_, subscription, effect) => {
  const { live } = open();
  const target = testTarget('Microsoft.KeyVault/vaults');
  const body = { location: 'westus', tags: { env: 'prod' }, properties: {} };
  await azure.control.send(localIdentity, 'PUT', `${target.id}?api-version=2024-05-01`, body);
  const endpointId = `/subscriptions/${subscription}/resourceGroups/corp/providers/Microsoft.Network/privateEndpoints/corp`;
  const id = azure.control.seed({
    targetId: target.id,
    connectionName: 'corp',
    endpointId,
    status: 'Pending',
    description: 'corp',
  });
  const text = `version: 1
mode: enforce
rules:
  - { name: corp, effect: approve, when: '"CORP" in requester.managementGroups && target.tags.env == "prod"' }
`;
  const load = loadPolicy([{ path: 'p.yaml', text }]);
  if (load.kind !== 'loaded') throw new Error(JSON.stringify(load.problems));
  const reads = load.policy.reads;
  expect(reads).toEqual({ ...noReads, target: true, tenant: true, requester: true, subscriptions: true });
  const facts = await readConnection(live, parseConnectionId(id).id, { firstSeen: new Date(), reads });
  expect(load.policy.decide(facts, new Date())?.effect).toBe(effect);
});
