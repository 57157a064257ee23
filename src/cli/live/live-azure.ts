import { createArm } from '../../azure/arm/arm';
import { createBlobPolicyReader } from '../../azure/storage/blob-policy-reader';
import { createCredential } from '../../azure/identity/credential';
import { readArmConfig, readStorageConfig, type ArmConfig, type Environment } from '../../config/config';
import type { PolicyReader } from '../../policy/source/policy-reader';
import type { LiveAzure } from '../cli-host';
import { createReadOnlyStore } from './read-only-store';

export interface LiveAzureOptions {
  readonly environment: Environment;
  /** Told of what Resource Graph found and nobody can read. */
  readonly onMalformed: (problem: string) => void;
}

/** The tenant behind ARM_ENDPOINT, seen with the identity that signed in here. @throws PosternError CONFIG_INVALID */
export function createLiveAzure({ environment, onMalformed }: LiveAzureOptions): LiveAzure {
  const config = readArmConfig(environment);
  const { connections, resources, graph } = createArm({
    endpoint: config.armEndpoint,
    credential: credentialOf(config),
    apiVersions: config.apiVersions,
    onMalformed,
  });
  return { connections: createReadOnlyStore(connections), resources, finder: graph };
}

/**
 * A policy in blob storage, read as the app would: with the storage's key where AzureWebJobsStorage has one for the
 * account that `url` names, else with the identity that signed in here, and that only in Azure's own blob services and in
 * the one that AzureWebJobsStorage names. @throws PosternError CONFIG_INVALID
 */
export function createLivePolicy(url: string, environment: Environment): PolicyReader {
  const credential = credentialOf(readArmConfig(environment));
  const storage = readStorageConfig(environment);
  const access = storage?.kind === 'identity' ? { ...storage, credential } : storage;
  return createBlobPolicyReader({ url, access, credential });
}

function credentialOf({ hasManagedIdentity, clientId }: ArmConfig): ReturnType<typeof createCredential> {
  return createCredential({ identityEndpointPresent: hasManagedIdentity, clientId });
}
