import type { KeyVaultManagementClient } from '@azure/arm-keyvault';
import type { ConnectionStore, WriteEffect } from '../connections/connection-store';
import type { ArmDoor } from './arm-door';
import { unsignedCredential, type SdkOptions } from './sdk-call';
import { createSdkConnectionStore, type WriteBody } from './sdk-connection-store';
import type { OperationHeader } from './write-reply';

/**
 * Pinned to the version whose wire shapes are on record; the SDK's own default is a later one that it took up
 * silently.
 */
export const keyVaultApiVersion = '2024-11-01';

/** Connections of vaults, through `@azure/arm-keyvault`. */
export function createKeyVaultStore(door: ArmDoor): ConnectionStore {
  return createSdkConnectionStore(door, {
    list: async ({ subscriptionId, resourceGroup, name }, options) => {
      const client = await keyVaultClient(subscriptionId, options);
      return client.privateEndpointConnections.listByResource(resourceGroup, name).byPage().next();
    },
    get: async ({ target, name }, options) => {
      const client = await keyVaultClient(target.subscriptionId, options);
      return client.privateEndpointConnections.get(target.resourceGroup, target.name, name);
    },
    put: async ({ target, name }, body, options) => {
      const client = await keyVaultClient(target.subscriptionId, options);
      return client.privateEndpointConnections.put(
        target.resourceGroup,
        target.name,
        name,
        keyVaultBody(body),
      );
    },
    delete: async ({ target, name }, options) => {
      const client = await keyVaultClient(target.subscriptionId, options);
      return client.privateEndpointConnections.delete(target.resourceGroup, target.name, name);
    },
    operationHeaders: keyVaultOperationHeaders,
  });
}

/** The package is loaded with the first call. */
export async function keyVaultClient(
  subscriptionId: string,
  options: SdkOptions,
): Promise<KeyVaultManagementClient> {
  const sdk = await import('@azure/arm-keyvault');
  return new sdk.KeyVaultManagementClient(unsignedCredential, subscriptionId, {
    ...options,
    apiVersion: keyVaultApiVersion,
  });
}

/**
 * The etag is left out: it changes when a write is taken and once more when it completes, so the listed one says
 * nothing about who else wrote; the service takes bodies without it.
 */
export function keyVaultBody({ status, description, privateEndpoint }: WriteBody): {
  privateEndpoint?: { id: string };
  privateLinkServiceConnectionState: { status: string; description: string };
} {
  const privateLinkServiceConnectionState = { status, description };
  return privateEndpoint === undefined
    ? { privateLinkServiceConnectionState }
    : { privateEndpoint: { id: privateEndpoint.id }, privateLinkServiceConnectionState };
}

/** What a PUT's `Azure-AsyncOperation` answers was never seen: the connection itself tells. A DELETE has a `Location`. */
export function keyVaultOperationHeaders(effect: WriteEffect): readonly OperationHeader[] {
  return effect === 'delete' ? ['location'] : [];
}
