import type { Facts, TargetFacts } from '../../../src/policy/facts/facts';

export const ownTenant = '7e0a0000-0000-4000-8000-000000000001';
export const strangersTenant = '66600000-0000-4000-8000-000000000001';
export const microsoftTenant = '33e01921-4d64-4f8c-a055-5bdaffd5e33d';

/** Returns the id of one of our subscriptions. */
export function own(number: number): string {
  return `50b00000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** One connection of a made-up estate. What is not stated is the same for all. */
export interface Asked {
  readonly subscription?: string;
  readonly tenant?: 'own' | 'microsoft' | 'other' | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly network?: string;
  readonly hubs?: readonly string[];
  /** The id of our resource behind an endpoint of Microsoft. */
  readonly behind?: string;
  readonly endpoint?: string;
  readonly message?: string;
  readonly endpointTags?: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly type?: string;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly status?: string;
}

const tenantIds = { own: ownTenant, microsoft: microsoftTenant, other: strangersTenant } as const;

/** Makes the facts of a connection. `number` makes its names different from those of others. */
export function asked(number: number, about: Asked = {}): Facts {
  const { subscription = own(1), endpoint = `pe-${number}`, behind } = about;
  const tenant = 'tenant' in about ? about.tenant : 'own';
  const endpointId = `/subscriptions/${subscription}/resourceGroups/rg-app/providers/Microsoft.Network/privateEndpoints/${endpoint}`;
  const target = targetOf(about);
  const known = { managementGroups: 'groups' in about ? about.groups : ['corp', ownTenant] };
  return {
    connection: {
      id: `${target.id}/privateEndpointConnections/c-${number}`,
      name: `c-${number}`,
      status: about.status ?? 'Approved',
      message: about.message ?? '',
      groupIds: [],
      firstSeen: new Date('2026-03-01T12:00:00Z'),
    },
    endpoint: {
      id: endpointId,
      subscriptionId: subscription,
      resourceGroup: 'rg-app',
      name: endpoint,
      tenantId: tenant && tenantIds[tenant],
      tenant,
      tags: about.endpointTags,
      virtualNetworkId: about.network,
      peeredNetworks: about.hubs,
    },
    requester:
      behind !== undefined
        ? {
            id: behind,
            type: 'Microsoft.DataFactory/factories',
            name: 'adf',
            subscriptionId: own(1),
            how: 'name',
            ...known,
          }
        : tenant === 'own'
          ? {
              id: endpointId,
              type: 'Microsoft.Network/privateEndpoints',
              name: endpoint,
              subscriptionId: subscription,
              how: 'endpoint',
              ...known,
            }
          : undefined,
    target,
    consumer: { pending: 0, approved: 1, rejected: 0, disconnected: 0 },
  };
}

function targetOf({ target = 'kv-1', type = 'Microsoft.KeyVault/vaults', ...about }: Asked): TargetFacts {
  const subscriptionId = own(900);
  return {
    id: `/subscriptions/${subscriptionId}/resourceGroups/rg-shared/providers/${type}/${target}`,
    type,
    subscriptionId,
    resourceGroup: 'rg-shared',
    name: target,
    tenantId: ownTenant,
    tags: 'tags' in about ? about.tags : { env: 'dev' },
  };
}

/** Makes `count` connections that differ in their names, and as `about` says for each number. */
export function many(from: number, count: number, about: (number: number) => Asked): readonly Facts[] {
  return Array.from({ length: count }, (_, index) => asked(from + index, about(index)));
}
