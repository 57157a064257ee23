import type { PrivateEndpointConnectionOperations } from '@azure/arm-apimanagement';
import type { ConnectionStore } from '../../../connections/connection-store';
import type { ArmClient } from '../client';
import { unsignedCredential, type SdkOptions } from './sdk-call';
import { createSdkConnectionStore } from './provider-store';

export const apiManagementApiVersion = '2024-05-01';

/** Connections of API Management services, through `@azure/arm-apimanagement`. */
export function createApiManagementStore(arm: ArmClient): ConnectionStore {
  return createSdkConnectionStore(arm, {
    list: async ({ subscriptionId, resourceGroup, name }, options) => {
      const connections = await operations(subscriptionId, options);
      return connections.listByService(resourceGroup, name).byPage().next();
    },
    get: async ({ target, name }, options) => {
      const connections = await operations(target.subscriptionId, options);
      return connections.getByName(target.resourceGroup, target.name, name);
    },
    put: async ({ target, name, id }, { status, description }, options) => {
      const connections = await operations(target.subscriptionId, options);
      // Without `id` the service answers 400; there is no place for the endpoint in its request.
      return connections.beginCreateOrUpdate(target.resourceGroup, target.name, name, {
        id,
        properties: { privateLinkServiceConnectionState: { status, description } },
      });
    },
    delete: async ({ target, name }, options) => {
      const connections = await operations(target.subscriptionId, options);
      return connections.beginDelete(target.resourceGroup, target.name, name);
    },
    operationHeaders: () => ['azure-asyncoperation', 'location'],
  });
}

/** The package is loaded with the first call. */
async function operations(
  subscriptionId: string,
  options: SdkOptions,
): Promise<PrivateEndpointConnectionOperations> {
  const sdk = await import('@azure/arm-apimanagement');
  const client = new sdk.ApiManagementClient(unsignedCredential, subscriptionId, {
    ...options,
    $host: options.endpoint,
    apiVersion: apiManagementApiVersion,
  });
  return client.privateEndpointConnectionOperations;
}
