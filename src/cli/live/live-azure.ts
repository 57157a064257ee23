import { createArm } from '../../azure/arm/arm';
import type { BlobFolderOptions } from '../../azure/storage/blob-folder';
import { createBlobPolicyReader } from '../../azure/storage/blob-policy-reader';
import { createCredential } from '../../azure/identity/credential';
import { chosenTypes } from '../../connections/chosen-types';
import { readArmConfig, readStorageConfig, type ArmConfig, type Environment } from '../../config/config';
import { systemClock } from '../../base/clock';
import { createKnownLinks } from '../../review/facts/known-links';
import { createOwnSubscriptions } from '../../review/facts/own-subscriptions';
import { createTenants, type TenantMemory } from '../../review/facts/tenants';
import type { PolicyReader } from '../../policy/source/policy-reader';
import type { LiveAzure } from '../facts/read-live-facts';
import { createReadOnlyStore } from './read-only-store';

/** Environment, and a callback for malformed data. */
export interface LiveAzureOptions {
  readonly environment: Environment;
  /** Called for each entry of Resource Graph that cannot be parsed. */
  readonly onMalformed: (problem: string) => void;
}

/**
 * Creates read access to the tenant behind ARM_ENDPOINT, with the signed-in identity.
 * @throws PosternError CONFIG_INVALID
 */
export function createLiveAzure({ environment, onMalformed }: LiveAzureOptions): LiveAzure {
  const config = readArmConfig(environment);
  const { connections, resources, managedEndpoints, subscriptions, graph } = createArm({
    endpoint: config.armEndpoint,
    credential: credentialOf(config),
    apiVersions: config.apiVersions,
    onMalformed,
  });
  const tenants = createTenants({ subscriptions, memory: noMemory, clock: systemClock });
  const ownSubscriptions = createOwnSubscriptions({
    subscriptions,
    clock: systemClock,
    logger: { warn: onMalformed },
  });
  return {
    connections: createReadOnlyStore(connections),
    resources,
    tenants,
    ownSubscriptions,
    managedEndpoints: createKnownLinks(managedEndpoints, systemClock),
    finder: graph,
    types: chosenTypes(config.targetTypes),
  };
}

/** What one run of a tool learns about tenants is not kept for the next one. */
const noMemory: TenantMemory = {
  load: () => Promise.resolve(undefined),
  save: () => Promise.resolve(),
  forgetBefore: () => Promise.resolve(),
};

/**
 * Creates a reader for a policy in blob storage that reads as the app does. Uses the storage key if
 * AzureWebJobsStorage has one for the account in `url`; otherwise the signed-in identity, whose
 * token is sent only to Azure's own blob services and to the one that AzureWebJobsStorage names.
 * @throws PosternError CONFIG_INVALID
 */
export function createLivePolicy(url: string, environment: Environment): PolicyReader {
  return createBlobPolicyReader(blobOptionsFrom(url, environment));
}

/** Returns how a tool reaches the folder of a policy in blob storage. @throws PosternError CONFIG_INVALID */
export function blobOptionsFrom(url: string, environment: Environment): BlobFolderOptions {
  const credential = credentialOf(readArmConfig(environment));
  const storage = readStorageConfig(environment);
  const access = storage?.kind === 'identity' ? { ...storage, credential } : storage;
  return { url, access, credential };
}

function credentialOf({ hasManagedIdentity, clientId }: ArmConfig): ReturnType<typeof createCredential> {
  return createCredential({ identityEndpointPresent: hasManagedIdentity, clientId });
}
