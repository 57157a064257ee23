import { ApiManagementClient, type PrivateEndpointConnectionOperations } from '@azure/arm-apimanagement';
import type { ConnectionStore } from '../../../connections/connection-store';
import type { ArmClient } from '../client';
import { targetApiVersions } from './target-api-versions';
import { unsignedCredential, type SdkOptions } from './sdk-call';
import { createProviderStore } from './provider-store';

/**
 * Reads and changes the connections of API Management services, through `@azure/arm-apimanagement`: that package
 * exports no single operations.
 */
export function createApiManagementStore(arm: ArmClient): ConnectionStore {
  return createProviderStore(arm, {
    list: ({ subscriptionId, resourceGroup, name }, options) =>
      operations(subscriptionId, options).listByService(resourceGroup, name).byPage().next(),
    get: ({ target, name }, options) =>
      operations(target.subscriptionId, options).getByName(target.resourceGroup, target.name, name),
    put: ({ target, name, id }, { status, description }, options) =>
      // Without `id` the service answers 400; its request has no field for the endpoint.
      operations(target.subscriptionId, options).beginCreateOrUpdate(
        target.resourceGroup,
        target.name,
        name,
        { id, properties: { privateLinkServiceConnectionState: { status, description } } },
      ),
    delete: ({ target, name }, options) =>
      operations(target.subscriptionId, options).beginDelete(target.resourceGroup, target.name, name),
    operationHeaders: () => ['azure-asyncoperation', 'location'],
  });
}

function operations(subscriptionId: string, options: SdkOptions): PrivateEndpointConnectionOperations {
  const client = new ApiManagementClient(unsignedCredential, subscriptionId, {
    ...options,
    $host: options.endpoint,
    apiVersion: targetApiVersions['Microsoft.ApiManagement/service'],
  });
  return client.privateEndpointConnectionOperations;
}
