import { createArm } from '../azure/arm';
import { createCredential } from '../azure/credential';
import { readConfig, type Environment } from '../config';
import type { LiveAzure } from './cli-host';
import { createReadOnlyStore } from './read-only-store';

export interface LiveAzureOptions {
  readonly environment: Environment;
  /** Told of what Resource Graph found and nobody can read. */
  readonly onUnreadable: (problem: string) => void;
}

/**
 * The tenant behind ARM_ENDPOINT, seen with the identity that signed in here. Only the ARM settings are used: the tools
 * have no storage, so a placeholder stands in for its setting. @throws PosternError CONFIG_INVALID
 */
export function createLiveAzure({ environment, onUnreadable }: LiveAzureOptions): LiveAzure {
  const config = readConfig({ ...environment, AzureWebJobsStorage: 'unused' });
  const credential = createCredential({
    identityEndpointPresent: config.hasManagedIdentity,
    clientId: config.clientId,
  });
  const { connections, resources, graph } = createArm({
    endpoint: config.armEndpoint,
    credential,
    onUnreadable,
  });
  return { connections: createReadOnlyStore(connections), resources, finder: graph };
}
