import { createKeyVaultManagement } from '@azure/arm-keyvault/api';
import * as managedHsms from '@azure/arm-keyvault/api/mhsmPrivateEndpointConnections';
import * as vaults from '@azure/arm-keyvault/api/privateEndpointConnections';
import type { ConnectionStore } from '../../../connections/connection-store';
import type { TargetId } from '../../../connections/resource-id';
import type { ArmClient } from '../client';
import { targetApiVersions } from './target-api-versions';
import { unsignedCredential, type SdkOptions } from './sdk-call';
import { createProviderStore, type WriteBody } from './provider-store';

/** Reads and changes the connections of vaults, with the single operations of `@azure/arm-keyvault`. */
export function createKeyVaultStore(arm: ArmClient): ConnectionStore {
  return createStore(arm, vaults, targetApiVersions['Microsoft.KeyVault/vaults']);
}

/** Reads and changes the connections of managed HSMs, with the same package. Lists have neither names nor types. */
export function createManagedHsmStore(arm: ArmClient): ConnectionStore {
  return createStore(arm, managedHsms, targetApiVersions['Microsoft.KeyVault/managedHSMs']);
}

function createStore(
  arm: ArmClient,
  operations: typeof vaults | typeof managedHsms,
  apiVersion: string,
): ConnectionStore {
  const contextOf = ({ subscriptionId }: TargetId, options: SdkOptions) =>
    createKeyVaultManagement(unsignedCredential, subscriptionId, {
      ...options,
      apiVersion,
      // The User-Agent is the one that the package's whole client sends.
      userAgentOptions: { userAgentPrefix: `${options.userAgentOptions.userAgentPrefix} azsdk-js-client` },
    });
  return createProviderStore(arm, {
    list: (target, options) =>
      operations
        .listByResource(contextOf(target, options), target.resourceGroup, target.name)
        .byPage()
        .next(),
    get: ({ target, name }, options) =>
      operations.get(contextOf(target, options), target.resourceGroup, target.name, name),
    put: ({ target, name }, body, options) =>
      operations.put(contextOf(target, options), target.resourceGroup, target.name, name, keyVaultBody(body)),
    delete: ({ target, name }, options) =>
      operations.$delete(contextOf(target, options), target.resourceGroup, target.name, name),
    // A PUT's `Azure-AsyncOperation` URL is not used: no recorded traffic shows what it answers.
    operationHeaders: (effect) => (effect === 'delete' ? ['location'] : []),
  });
}

/**
 * Builds the body of a PUT. The etag is left out: it changes when a write is accepted and again when it completes, so
 * the listed one does not show whether somebody else wrote; the service accepts bodies without it.
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
