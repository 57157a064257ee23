import type { JsonObject } from '../http/message';
import type { Endpoint, EndpointRequest } from '../model/world';

/** Returns a private endpoint as the network provider shows it; events carry the same body. */
export function endpointBody(endpoint: Endpoint): JsonObject {
  return {
    name: endpoint.name,
    id: endpoint.id,
    etag: `W/"${endpoint.guid}"`,
    type: 'Microsoft.Network/privateEndpoints',
    location: endpoint.location,
    tags: Object.keys(endpoint.tags).length === 0 ? undefined : endpoint.tags,
    properties: endpointProperties(endpoint),
  };
}

export function endpointProperties(endpoint: Endpoint): JsonObject {
  const requests = (manual: boolean): JsonObject[] =>
    endpoint.requests.filter((each) => each.manual === manual).map((each) => requestBody(endpoint, each));
  return {
    provisioningState: endpoint.provisioningState,
    resourceGuid: endpoint.guid,
    privateLinkServiceConnections: requests(false),
    manualPrivateLinkServiceConnections: requests(true),
    subnet: endpoint.subnetId === undefined ? undefined : { id: endpoint.subnetId },
    ipConfigurations: [],
    networkInterfaces: [],
    customDnsConfigs: [],
  };
}

function requestBody(endpoint: Endpoint, request: EndpointRequest): JsonObject {
  const list = request.manual ? 'manualPrivateLinkServiceConnections' : 'privateLinkServiceConnections';
  return {
    name: request.name,
    id: `${endpoint.id}/${list}/${request.name}`,
    etag: `W/"${endpoint.guid}"`,
    properties: {
      provisioningState: 'Succeeded',
      privateLinkServiceId: request.targetId,
      groupIds: request.groupIds,
      requestMessage: request.requestMessage === '' ? undefined : request.requestMessage,
      privateLinkServiceConnectionState: {
        status: request.status,
        // Shown until the endpoint has settled, whatever the request message is.
        description:
          request.status === 'Pending' && endpoint.provisioningState === 'Updating'
            ? 'Awaiting Approval'
            : request.description,
        actionsRequired: 'None',
      },
    },
    type: `Microsoft.Network/privateEndpoints/${list}`,
  };
}
