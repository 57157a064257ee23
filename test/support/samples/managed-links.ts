import type { ManagedLink, ManagedOwnerType } from '../../../src/connections/managed-endpoint-reader';

/** A subscription of ours, in which resources that ask live. */
export const dataSubscription = '44444444-4444-4444-8444-444444444444';

interface LinkOptions {
  readonly targetId: string;
  readonly type?: ManagedOwnerType;
  readonly owner?: string;
  readonly name?: string;
  readonly message?: string;
  readonly status?: string | undefined;
  readonly provisioningState?: string | undefined;
  readonly groupIds?: readonly string[];
}

/** A link of ours that waits; of AI Search unless stated. */
export function linkTo(options: LinkOptions): ManagedLink {
  const { targetId, type = 'Microsoft.Search/searchServices', owner = 'contoso', name = 'kv-shop' } = options;
  const ownerId = `/subscriptions/${dataSubscription}/resourceGroups/rg-data/providers/${type}/${owner}`;
  const id = `${ownerId}/links/${name}`;
  const message = options.message ?? '';
  const tie: ManagedLink['tie'] =
    type === 'Microsoft.DataFactory/factories'
      ? { kind: 'name', endpointName: `${owner}.${name}` }
      : type === 'Microsoft.Kusto/clusters'
        ? { kind: 'message', message, namePart: name }
        : { kind: 'message', message };
  return {
    id,
    endpointKey: id.toLowerCase(),
    owner: { id: ownerId, type, name: owner, subscriptionId: dataSubscription },
    targetId,
    groupIds: options.groupIds ?? ['vault'],
    tie,
    status:
      'status' in options ? options.status : type === 'Microsoft.Kusto/clusters' ? undefined : 'Pending',
    provisioningState: 'provisioningState' in options ? options.provisioningState : 'Succeeded',
  };
}
