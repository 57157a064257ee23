import type { EndpointFacts, RequesterFacts, TargetFacts } from '../../src/policy/facts/facts';
import { createRandom, type Random } from './random';

/** Somebody who may ask: a subscription, with what Azure says about it. */
export interface Asker {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly tenant: NonNullable<EndpointFacts['tenant']>;
  /** Nearest first; absent for those of other tenants. */
  readonly managementGroups: readonly string[] | undefined;
  readonly networks: readonly string[];
  readonly hubs: readonly string[];
  /** The resources of ours for which Microsoft makes endpoints. */
  readonly behind: RequesterFacts | undefined;
}

/** An estate without its connections. */
export interface World {
  readonly random: Random;
  readonly tenantId: string;
  readonly groups: readonly string[];
  readonly own: readonly Asker[];
  readonly managed: readonly Asker[];
  readonly partners: readonly Asker[];
  readonly strangers: readonly Asker[];
  readonly targets: readonly TargetFacts[];
}

/** Sizes of a world. */
export interface WorldSize {
  readonly subscriptions: number;
  readonly targets: number;
}

export const microsoftTenant = '33e01921-4d64-4f8c-a055-5bdaffd5e33d';
export const environments = ['prod', 'dev', 'test', 'qa'] as const;
export const services = [
  ['Microsoft.KeyVault/vaults', 'key-vault'],
  ['Microsoft.Storage/storageAccounts', 'storage'],
  ['Microsoft.Sql/servers', 'sql'],
  ['Microsoft.ServiceBus/namespaces', 'service-bus'],
  ['Microsoft.ApiManagement/service', 'api-management'],
] as const;

/** The management groups below the root, each with its parent. */
const tree: readonly (readonly [string, string | undefined])[] = [
  ['platform', undefined],
  ['landing-zones', undefined],
  ['corp', 'landing-zones'],
  ['online', 'landing-zones'],
  ['data', 'landing-zones'],
  ['corp-legacy', 'corp'],
  ['corp-new', 'corp'],
  ['sandbox', undefined],
];

/** Makes up a world, the same for the same seed. */
export function makeWorld(seed: number, size: WorldSize): World {
  const random = createRandom(seed);
  const tenantId = guid('7e0a0000', seed);
  const hubs = [0, 1, 2].map((index) => networkId(guid('4b000000', index), `hub-${index}`));
  const leaves = ['corp-legacy', 'corp-new', 'online', 'data', 'sandbox', 'platform'];
  const own = Array.from({ length: size.subscriptions }, (_, index) =>
    ownAsker(random, { index, tenantId, group: random.pick(leaves), hub: random.pick(hubs) }),
  );
  return {
    random,
    tenantId,
    groups: tree.map(([group]) => group),
    own,
    managed: own.slice(0, 6).map((asker, index) => managedAsker(asker, index)),
    partners: [0, 1].flatMap((tenant) =>
      [0, 1, 2].map((index) => outsider(guid('9a000000', 10 * tenant + index), guid('9b000000', tenant))),
    ),
    strangers: Array.from({ length: Math.ceil(size.subscriptions / 3) }, (_, index) =>
      outsider(guid('66600000', index), guid('66700000', index)),
    ),
    targets: Array.from({ length: size.targets }, (_, index) => makeTarget(random, { index, tenantId, own })),
  };
}

function ownAsker(
  random: Random,
  { index, tenantId, group, hub }: { index: number; tenantId: string; group: string; hub: string },
): Asker {
  const subscriptionId = guid('50b00000', index);
  return {
    subscriptionId,
    tenantId,
    tenant: 'own',
    managementGroups: [...chainOf(group), tenantId],
    networks: [0, 1].map((network) => networkId(subscriptionId, `vnet-${network}`)),
    hubs: random.happens(0.7) ? [hub] : [],
    behind: undefined,
  };
}

function managedAsker(owner: Asker, index: number): Asker {
  const name = `adf-${index}`;
  return {
    ...outsider(guid('35000000', index % 2), microsoftTenant),
    tenant: 'microsoft',
    managementGroups: owner.managementGroups,
    behind: {
      id: `/subscriptions/${owner.subscriptionId}/resourceGroups/rg-data/providers/Microsoft.DataFactory/factories/${name}`,
      type: 'Microsoft.DataFactory/factories',
      name,
      subscriptionId: owner.subscriptionId,
      how: 'name',
    },
  };
}

function outsider(subscriptionId: string, tenantId: string): Asker {
  return {
    subscriptionId,
    tenantId,
    tenant: 'other',
    managementGroups: undefined,
    networks: [],
    hubs: [],
    behind: undefined,
  };
}

function makeTarget(
  random: Random,
  { index, tenantId, own }: { index: number; tenantId: string; own: readonly Asker[] },
): TargetFacts {
  const [type] = random.pickEarly(services);
  const { subscriptionId } = random.pick(own);
  const resourceGroup = `rg-${random.below(8)}`;
  const name = `target-${index}`;
  const tags: Record<string, string> = {
    env: random.pick(environments),
    owner: `team-${random.below(9)}`,
    costCenter: `${1000 + random.below(30)}`,
  };
  if (random.happens(0.1)) tags['open'] = 'yes';
  return {
    id: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${type}/${name}`,
    type,
    subscriptionId,
    resourceGroup,
    name,
    tenantId,
    location: random.pick(['westeurope', 'northeurope']),
    tags: random.happens(0.05) ? undefined : tags,
  };
}

function chainOf(group: string | undefined): readonly string[] {
  if (group === undefined) return [];
  return [group, ...chainOf(tree.find(([name]) => name === group)?.[1])];
}

export function networkId(subscriptionId: string, name: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/${name}`;
}

function guid(start: string, number: number): string {
  return `${start}-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}
