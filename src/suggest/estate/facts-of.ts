import { parseEndpointId } from '../../connections/resource-id';
import { endpointAsRequester, type Facts, type RequesterFacts } from '../../policy/facts/facts';
import type { Cell, Estate, Example } from './estate';
import type { Requester } from './observation';

/**
 * Returns the facts of an example as those of a Pending connection. It has every fact that a suggested rule can read; the
 * others, such as the message, are absent or empty.
 */
export function factsOf({ requesters, targets }: Estate, cell: Cell, example: Example): Facts {
  const requester = requesters[cell.requester];
  const target = targets[cell.target];
  if (requester === undefined || target === undefined) throw new TypeError('a cell of another estate');
  const { connectionId, endpointId } = example;
  const { resourceGroup, name } = parseEndpointId(endpointId);
  const { subscriptionId, tenantId, tenant, virtualNetworkId, peeredNetworks } = requester;
  const endpoint = {
    id: endpointId,
    subscriptionId,
    resourceGroup,
    name,
    tenantId,
    tenant,
    virtualNetworkId,
    peeredNetworks,
  };
  return {
    connection: {
      id: connectionId,
      name: connectionId.split('/').at(-1) ?? '',
      status: 'Pending',
      message: '',
      groupIds: [],
      firstSeen: new Date(0),
    },
    endpoint,
    requester: requesterOf(requester, endpoint),
    target: target.facts,
    consumer: undefined,
  };
}

function requesterOf(
  { ownSubscriptionId, managementGroups, behind }: Requester,
  endpoint: Parameters<typeof endpointAsRequester>[0],
): RequesterFacts | undefined {
  if (ownSubscriptionId === undefined) return undefined;
  const known = { subscriptionId: ownSubscriptionId, managementGroups };
  if (behind === undefined) return { ...endpointAsRequester(endpoint), ...known };
  return { ...behind, name: behind.id.split('/').at(-1) ?? '', ...known };
}
