import { isAbsolute, resolve } from 'node:path';
import type { Telemetry } from './audit/audit-log';
import type { ArmOptions } from './azure/arm/client';
import { createCredential } from './azure/identity/credential';
import { storageAccessFrom } from './azure/storage/access';
import { createBlobPolicyReader } from './azure/storage/blob-policy-reader';
import { createStorageClients, type StorageClients } from './azure/storage/clients';
import { createTelemetry } from './azure/telemetry/telemetry';
import { type Chance, systemChance } from './base/chance';
import { type Clock, systemClock } from './base/clock';
import type { Logger } from './base/logger';
import type { Config } from './config/config';
import { createDiskPolicyReader } from './policy/source/disk-policy-reader';
import type { PolicyReader } from './policy/source/policy-reader';

/**
 * Everything outside the app: time, chance, the network and the disk. The app reaches them only
 * through this object, so that it also runs in a simulated world.
 */
export interface Platform {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly credential: ArmOptions['credential'];
  readonly storage: StorageClients;
  readonly policy: PolicyReader;
  /** A table with more types of target; absent: none is set. */
  readonly types?: PolicyReader | undefined;
  readonly telemetry: Telemetry;
  /** Carries requests to ARM and to the topic of outcome events. Absent: the network. */
  readonly httpClient?: ArmOptions['httpClient'];
}

/** Creates the platform of a deployed app. Nothing is loaded or sent before it is used. */
export function createPlatform(config: Config, directory: string, logger: Logger): Platform {
  const clock = systemClock;
  const credential = createCredential({
    identityEndpointPresent: config.hasManagedIdentity,
    clientId: config.clientId,
  });
  const access = storageAccessFrom(config);
  const { policyPath } = config;
  return {
    clock,
    chance: systemChance,
    credential,
    storage: createStorageClients(access, clock),
    policy: isUrl(policyPath)
      ? createBlobPolicyReader({ url: policyPath, access, credential })
      : createDiskPolicyReader(policyPathFrom(config, directory)),
    types: typesReader(config, directory, (url) => createBlobPolicyReader({ url, access, credential })),
    telemetry: createTelemetry({
      connectionString: config.telemetryConnectionString,
      credential: config.telemetryUsesIdentity ? credential : undefined,
      logger,
      clock,
    }),
  };
}

/** Returns the policy's URL, or its path on disk, where a relative one begins in the app's folder. */
export function policyPathFrom({ policyPath }: Pick<Config, 'policyPath'>, directory: string): string {
  return isUrl(policyPath) || isAbsolute(policyPath) ? policyPath : resolve(directory, policyPath);
}

function typesReader(
  { targetTypesPath: path }: Config,
  directory: string,
  fromBlob: (url: string) => PolicyReader,
): PolicyReader | undefined {
  if (path === undefined) return undefined;
  return isUrl(path)
    ? fromBlob(path)
    : createDiskPolicyReader(policyPathFrom({ policyPath: path }, directory));
}

function isUrl(path: string): boolean {
  return /^https?:\/\//i.test(path);
}
