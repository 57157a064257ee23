import { allManagedEndpointActions, networkAction, subscriptionAction } from '../../src/azure/roles/actions';
import { ownStoreTypes } from '../../src/connections/target-type';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { namesAction } from '../../dev/azure';
import { projectRoot } from '../support/repo/project';
import {
  createRoleWorld,
  kinds,
  requesters,
  watched,
  statusAfter,
  without,
  type RoleWorld,
  type RequestedEffect,
} from '../support/rigs/role-world';
import type { TargetKind } from '../support/rigs/local-azure-world';

/** The role for the four types of this world. */
const operator = operatorFor(ownStoreTypes);
const reader = actionsIn('postern-reader');
const endpoints = { scope: requesters, actions: reader };
const allWishes = Object.keys(statusAfter) as RequestedEffect[];
/** Three operations of API Management, one after the other, and its lock behind each. */
const longEnough = 1500;

/** The roles as they are deployed: not the table that they were made from. */
function actionsIn(name: string): readonly string[] {
  const file = join(projectRoot, `infra/roles/${name}.json`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { actions: string[] }).actions;
}

/** The operator role that the templates make of a list of types. */
function operatorFor(types: readonly string[]): readonly string[] {
  const file = join(projectRoot, 'infra/roles/target-types.json');
  const rights = JSON.parse(readFileSync(file, 'utf8')) as {
    actions: Readonly<Record<string, readonly string[]>>;
    search: readonly string[];
  };
  return [...types.flatMap((type) => rights.actions[type.toLowerCase()] ?? []), ...rights.search];
}

type Ends = Readonly<Partial<Record<TargetKind, Partial<Record<RequestedEffect, string>>>>>;

/** Everything as wished, but for what `ends` says. */
function expectEnds(world: RoleWorld, ends: Ends = {}): void {
  const seen = kinds.map((kind) => [kind, allWishes.map((effect) => world.statusOf(kind, effect))]);
  const wanted = kinds.map((kind) => [
    kind,
    allWishes.map((effect) => ends[kind]?.[effect] ?? statusAfter[effect]),
  ]);
  expect(seen).toEqual(wanted);
}

const refusedActions = (world: RoleWorld): readonly string[] => [
  ...new Set(
    world
      .calls()
      .filter(({ status }) => status === 403)
      .map(({ action }) => action),
  ),
];

describe('with the roles that are deployed', () => {
  let world: RoleWorld;

  beforeAll(async () => {
    world = await createRoleWorld([{ scope: watched, actions: operator }, endpoints]);
    await world.sweep('graph');
    await world.rig.run(longEnough);
    await world.sweep('lists');
    const [endpoint] = world.azure.world.endpoints.values();
    await world.rig.takeRequest(world.rig.request({ kind: 'endpoint', id: endpoint!.id }));
    await world.rig.run(60);
  });

  test('twelve requests to four systems end as the policy wants, and nothing is refused', () => {
    expectEnds(world);
    expect(refusedActions(world)).toEqual([]);
    expect(world.rig.ledger.ofKind('applied')).toHaveLength(12);
    expect(world.rig.ledger.ofKind('failed')).toEqual([]);
  });

  // What Azure may ask for beside the write of a connection is in no call, and neither is the right by which Resource
  // Graph shows a subscription: test/contract/arm/own-subscriptions.test.ts needs it. Networks and managed endpoints are
  // read in peered-networks.test.ts and managed-endpoints.test.ts there.
  const elsewhere = new Set([subscriptionAction, networkAction, ...allManagedEndpointActions]);
  const inCalls = [...operator, ...reader].filter(
    (held) => !/ConnectionsApproval\/action$/i.test(held) && !elsewhere.has(held),
  );

  test.each(inCalls)('%s is needed', (held) => {
    const used = world.calls().map(({ action }) => action);
    expect(used.filter((action) => namesAction(held, action))).not.toEqual([]);
  });

  test('the one wildcard stands for what the calls need, which no role could name', () => {
    const [wildcard = ''] = operator.filter((action) => action.includes('*'));
    expect(operator.filter((action) => action.includes('*'))).toHaveLength(1);
    const used = world.calls().map(({ action }) => action);
    expect([...new Set(used.filter((action) => namesAction(wildcard, action)))].sort()).toEqual(
      ['delete', 'operationresults/read', 'read', 'write'].map((end) => wildcard.replace('*', end)),
    );
  });
});

const pending = { approve: 'Pending', reject: 'Pending', delete: 'Pending' };
const nothing = Object.fromEntries(kinds.map((kind) => [kind, pending]));

/** What is lost with each, and only that: nothing is decided on half of the facts, nothing is written that is not wanted. */
const losses: readonly (readonly [removed: string, Ends])[] = [
  [
    'Microsoft.Compute/diskAccesses/privateEndpointConnections/write',
    { disk: { approve: 'Pending', reject: 'Pending' } },
  ],
  ['Microsoft.KeyVault/vaults/privateEndpointConnections/delete', { vault: { delete: 'Pending' } }],
  ['Microsoft.KeyVault/managedHSMs/privateEndpointConnections/read', { hsm: pending }],
  // Also unseen by Resource Graph.
  ['Microsoft.KeyVault/vaults/read', { vault: pending }],
  ['Microsoft.ApiManagement/service/read', { apim: pending }],
  ['Microsoft.Compute/locations/diskOperations/read', {}],
  ['Microsoft.ResourceGraph/resources/read', {}],
];

describe('without one action', () => {
  test.each(losses)('%s: what needs it stays as it is, the rest ends as wanted', async (removed, ends) => {
    const world = await createRoleWorld([{ scope: watched, actions: without(operator, removed) }, endpoints]);
    await world.sweep('graph');
    await world.rig.run(longEnough);
    expectEnds(world, ends);
  });

  test('the right to read endpoints: every request waits for a person', async () => {
    const world = await createRoleWorld([{ scope: watched, actions: operator }]);
    await world.sweep('graph');
    await world.rig.run(60);
    expectEnds(world, nothing);
    expect(world.calls().filter(({ tookEffect }) => tookEffect !== undefined)).toEqual([]);
    expect(world.rig.ledger.ofKind('decided').map(({ effect }) => effect)).toEqual(Array(12).fill('hold'));
  });

  test('the wildcard, and the three actions that can be named instead: only the looks at operations are refused', async () => {
    const wildcard = 'Microsoft.ApiManagement/service/privateEndpointConnections/*';
    const named = ['read', 'write', 'delete'].map((verb) => wildcard.replace('*', verb));
    const actions = [...operator.filter((action) => action !== wildcard), ...named];
    const world = await createRoleWorld([{ scope: watched, actions }, endpoints]);
    await world.sweep('graph');
    await world.rig.run(longEnough);
    expectEnds(world);
    expect(refusedActions(world)).toEqual([wildcard.replace('*', 'operationresults/read')]);
  });

  test('a role on the resource group alone: the sweep, which asks the subscription, says that it may not', async () => {
    const world = await createRoleWorld([
      { scope: `${watched}/resourceGroups/shared`, actions: operator },
      endpoints,
    ]);
    await world.sweep('lists');
    expect(world.rig.ledger.ofKind('failed')).toHaveLength(1);
    await world.sweep('graph');
    await world.rig.run(longEnough);
    expectEnds(world);
    expect(refusedActions(world)).toEqual([
      'Microsoft.Resources/subscriptions/resources/read',
      'Microsoft.Compute/locations/diskOperations/read',
    ]);
  });
});

test('if no subscription is named, the lists find the watched ones and tell that requesters’ own are closed', async () => {
  const world = await createRoleWorld([{ scope: watched, actions: operator }, endpoints], []);
  await expect(world.sweep('lists')).resolves.toMatchObject({ asked: 4, unread: 1 });
  expect(world.rig.ledger.ofKind('failed').map(({ target }) => target)).toEqual([requesters]);
  await world.rig.run(longEnough);
  expectEnds(world);
});
