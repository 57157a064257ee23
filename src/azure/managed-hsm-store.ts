import type { ConnectionStore } from '../connections/connection-store';
import type { ArmDoor } from './arm-door';
import { keyVaultBody, keyVaultClient, keyVaultOperationHeaders } from './key-vault-store';
import { createSdkConnectionStore } from './sdk-connection-store';

/** Connections of managed HSMs, through `@azure/arm-keyvault`. Their lists have neither names nor types. */
export function createManagedHsmStore(door: ArmDoor): ConnectionStore {
  return createSdkConnectionStore(door, {
    list: async ({ subscriptionId, resourceGroup, name }, options) => {
      const client = await keyVaultClient(subscriptionId, options);
      return client.mhsmPrivateEndpointConnections.listByResource(resourceGroup, name).byPage().next();
    },
    get: async ({ target, name }, options) => {
      const client = await keyVaultClient(target.subscriptionId, options);
      return client.mhsmPrivateEndpointConnections.get(target.resourceGroup, target.name, name);
    },
    put: async ({ target, name }, body, options) => {
      const client = await keyVaultClient(target.subscriptionId, options);
      return client.mhsmPrivateEndpointConnections.put(
        target.resourceGroup,
        target.name,
        name,
        keyVaultBody(body),
      );
    },
    delete: async ({ target, name }, options) => {
      const client = await keyVaultClient(target.subscriptionId, options);
      return client.mhsmPrivateEndpointConnections.delete(target.resourceGroup, target.name, name);
    },
    operationHeaders: keyVaultOperationHeaders,
  });
}
