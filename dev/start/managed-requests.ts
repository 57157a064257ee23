import type { LocalAzure } from '../azure';
import { putResource } from '../lib/put-resource';
import { stranger, strangersSubscription, targetIdOf } from './world';

const message = 'Index of the shop, change CHG0042424';
const search = { owner: 'contoso-search', name: 'payments' };

/** Says what the timeline is about to show. With a policy of your own, only that policy knows the answers. */
export function managedHelp(isShipped: boolean): string {
  const answers = isShipped
    ? `The copy is held. Ours is proven by a second review, and approved after three minutes.`
    : 'See how your policy answers them.';
  return `Now a search service of ours asks kv-payments through an endpoint of Microsoft's, and
a stranger copies its name and message. ${answers}
`;
}

/** Lets a search service of ours ask through an endpoint that Microsoft makes, and a stranger who copies what he can. */
export async function requestManaged(azure: LocalAzure): Promise<void> {
  const targetId = targetIdOf('kv-payments');
  const ownerGroup = '/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/search';
  const endpointId = await azure.control.requestManaged({
    targetId,
    service: 'search',
    ...search,
    message,
    ownerGroup,
  });
  const name = endpointId.slice(endpointId.lastIndexOf('/') + 1);
  await putResource(azure, stranger, {
    id: endpointId.replace(/^\/subscriptions\/[^/]+/, `/subscriptions/${strangersSubscription}`),
    apiVersion: '2024-05-01',
    body: {
      location: 'westeurope',
      properties: {
        manualPrivateLinkServiceConnections: [
          {
            name: `${name}-copy`,
            properties: { privateLinkServiceId: targetId, groupIds: [], requestMessage: message },
          },
        ],
      },
    },
  });
}
