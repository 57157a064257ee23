import type { LocalAzure } from '../azure';
import { putResource } from '../lib/put-resource';
import { stranger, strangersSubscription, targetIdOf } from './world';

const message = 'Index of the shop, change CHG0042424';
const search = { owner: 'contoso-search', name: 'payments' };

/** What the timeline is about to show, for people. */
export const managedHelp = `Two more requests for kv-payments come now, with the same message. spl-contoso-search-payments in a subscription of
Microsoft's is the endpoint of a search service of ours; a stranger has copied its name and message to a subscription of his own.
The copy is held at once. Postern finds our service behind the first one, proves it by a second review after three minutes, and
approves it.
`;

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
