import { createArm } from '../azure/arm';
import { createBlobPolicyReader } from '../azure/blob-policy-reader';
import { createCredential } from '../azure/credential';
import type { StorageAccess } from '../azure/storage-access';
import { readArmConfig, readStorageConfig, type ArmConfig, type Environment } from '../config';
import { PosternError } from '../errors';
import type { PolicyReader } from '../policy/policy-reader';
import type { LiveAzure } from './cli-host';
import { createReadOnlyStore } from './read-only-store';

export interface LiveAzureOptions {
  readonly environment: Environment;
  /** Told of what Resource Graph found and nobody can read. */
  readonly onUnreadable: (problem: string) => void;
}

/** The tenant behind ARM_ENDPOINT, seen with the identity that signed in here. @throws PosternError CONFIG_INVALID */
export function createLiveAzure({ environment, onUnreadable }: LiveAzureOptions): LiveAzure {
  const config = readArmConfig(environment);
  const { connections, resources, graph } = createArm({
    endpoint: config.armEndpoint,
    credential: credentialOf(config),
    onUnreadable,
  });
  return { connections: createReadOnlyStore(connections), resources, finder: graph };
}

/**
 * A policy in blob storage, read as the app would: with the storage's key where AzureWebJobsStorage has one for the
 * account that `url` names, else with the identity that signed in here. @throws PosternError CONFIG_INVALID,
 * POLICY_INVALID
 */
export function createLivePolicy(url: string, environment: Environment): PolicyReader {
  const credential = credentialOf(readArmConfig(environment));
  const storage = readStorageConfig(environment);
  const access = storage?.kind === 'connectionString' ? storage : accountOf(url, credential);
  return createBlobPolicyReader({ url, access, credential });
}

function credentialOf({ hasManagedIdentity, clientId }: ArmConfig): ReturnType<typeof createCredential> {
  return createCredential({ identityEndpointPresent: hasManagedIdentity, clientId });
}

/** The account that a blob URL names, by identity. */
function accountOf(url: string, credential: ReturnType<typeof createCredential>): StorageAccess {
  if (!URL.canParse(url)) throw new PosternError('POLICY_INVALID', `${url} is not a URL`);
  const { origin } = new URL(url);
  const serviceUri = (service: string): string => origin.replace('.blob.', `.${service}.`);
  return {
    kind: 'identity',
    blobServiceUri: origin,
    queueServiceUri: serviceUri('queue'),
    tableServiceUri: serviceUri('table'),
    credential,
  };
}
