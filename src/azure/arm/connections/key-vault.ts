import type { KeyVaultManagementClient } from '@azure/arm-keyvault';
import type { ConnectionStore } from '../../../connections/connection-store';
import type { TargetId } from '../../../connections/resource-id';
import type { ArmClient } from '../client';
import { unsignedCredential, type SdkOptions } from './sdk-call';
import { createSdkConnectionStore, type WriteBody } from './provider-store';

/**
 * Pinned to the version whose wire shapes are on record; the SDK's own default is a later one that it took up
 * silently.
 */
export const keyVaultApiVersion = '2024-11-01';

/** Connections of vaults, through `@azure/arm-keyvault`. */
export function createKeyVaultStore(arm: ArmClient): ConnectionStore {
  return createVaultStore(arm, (client) => client.privateEndpointConnections);
}

/** Connections of managed HSMs, through the same package. Their lists have neither names nor types. */
export function createManagedHsmStore(arm: ArmClient): ConnectionStore {
  return createVaultStore(arm, (client) => client.mhsmPrivateEndpointConnections);
}

/** What the SDK's two groups of operations have in common. */
interface VaultOperations {
  listByResource(resourceGroup: string, name: string): { byPage(): AsyncIterableIterator<unknown> };
  get(resourceGroup: string, name: string, connection: string): PromiseLike<unknown>;
  put(
    resourceGroup: string,
    name: string,
    connection: string,
    body: ReturnType<typeof keyVaultBody>,
  ): PromiseLike<unknown>;
  delete(resourceGroup: string, name: string, connection: string): PromiseLike<unknown>;
}

function createVaultStore(
  arm: ArmClient,
  pick: (client: KeyVaultManagementClient) => VaultOperations,
): ConnectionStore {
  const open = async ({ subscriptionId }: TargetId, options: SdkOptions): Promise<VaultOperations> =>
    pick(await keyVaultClient(subscriptionId, options));
  return createSdkConnectionStore(arm, {
    list: async (target, options) =>
      (await open(target, options)).listByResource(target.resourceGroup, target.name).byPage().next(),
    get: async ({ target, name }, options) =>
      (await open(target, options)).get(target.resourceGroup, target.name, name),
    put: async ({ target, name }, body, options) =>
      (await open(target, options)).put(target.resourceGroup, target.name, name, keyVaultBody(body)),
    delete: async ({ target, name }, options) =>
      (await open(target, options)).delete(target.resourceGroup, target.name, name),
    // What a PUT's `Azure-AsyncOperation` answers was never seen: the connection tells. A DELETE has a `Location`.
    operationHeaders: (effect) => (effect === 'delete' ? ['location'] : []),
  });
}

/** The package is loaded with the first call. */
async function keyVaultClient(
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
function keyVaultBody({ status, description, privateEndpoint }: WriteBody): {
  privateEndpoint?: { id: string };
  privateLinkServiceConnectionState: { status: string; description: string };
} {
  const privateLinkServiceConnectionState = { status, description };
  return privateEndpoint === undefined
    ? { privateLinkServiceConnectionState }
    : { privateEndpoint: { id: privateEndpoint.id }, privateLinkServiceConnectionState };
}
