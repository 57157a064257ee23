import { type ArmOptions, createArmClient } from '../../azure/arm/client';
import { createArmDeploymentReader } from '../../azure/arm/readers/deployment';
import { createArmEventSubscriptionReader } from '../../azure/arm/readers/event-subscriptions';
import { createArmManagementGroupReader } from '../../azure/arm/readers/management-groups';
import { createArmPermissionReader } from '../../azure/arm/readers/permissions';
import { createProviderListFinder } from '../../azure/arm/readers/provider-list-finder';
import { createArmProviderVersionReader, sentVersions } from '../../azure/arm/readers/provider-versions';
import { createResourceGraphFinder } from '../../azure/arm/readers/resource-graph';
import { createArmSubscriptionReader } from '../../azure/arm/readers/subscription-reader';
import { readTokenHolder } from '../../azure/arm/readers/token-claims';
import { createCredential } from '../../azure/identity/credential';
import { createKeyFetch, type KeyFetch } from '../../azure/identity/key-fetch';
import { readRegistration } from '../../azure/identity/registration';
import {
  actionsOnSubscription,
  actionsOnTarget,
  allManagedEndpointActions,
  endpointAction,
  networkAction,
  subscriptionAction,
} from '../../azure/roles/actions';
import { type StorageAccess, storageAccessFrom } from '../../azure/storage/access';
import { createStorageClients } from '../../azure/storage/clients';
import { createStorageInspection } from '../../azure/storage/inspection';
import { ExistingOnly } from '../../azure/storage/on-demand';
import { defaultStorageNames } from '../../azure/storage/storage';
import { TableDecisionReader } from '../../azure/storage/tables/ledger';
import { TableOperationStore } from '../../azure/storage/tables/operation-store';
import { TablePolicyMemory } from '../../azure/storage/tables/policy-memory';
import { TableSweepJournal } from '../../azure/storage/tables/sweep-journal';
import { systemClock } from '../../base/clock';
import { fieldsOf, tryParseJson } from '../../base/json';
import { withAbortAfter } from '../../base/timeout';

import { chosenTypes } from '../../connections/chosen-types';
import { type Environment, readArmConfig, readConfig } from '../../config/config';
import { ConfigError } from '../../config/config-error';
import { createDiskPolicyReader } from '../../policy/source/disk-policy-reader';
import { createPolicySource } from '../../policy/source/policy-source';
import type {
  ArmReading,
  DeploymentRecords,
  DoctorSources,
  NeededActions,
  PolicyReading,
  RegistrationSource,
  SettingsReading,
  SignInKeys,
} from '../doctor/sources';
import { isUrl } from '../load-policy';
import { createLivePolicy } from './live-azure';

/** Environment, a callback for malformed data, and a replacement of the network for tests. */
export interface LiveDoctorOptions {
  readonly environment: Environment;
  /** Called for each found entry that cannot be parsed. */
  readonly onMalformed: (problem: string) => void;
  /** Credential and HTTP client for ARM, for tests. */
  readonly arm?: Partial<Pick<ArmOptions, 'credential' | 'httpClient'>> | undefined;
}

/**
 * Creates read access to a deployment, with the signed-in identity. Connects to nothing until the
 * first read.
 */
export function createLiveDoctor(options: LiveDoctorOptions): DoctorSources {
  const { environment } = options;
  return {
    settings: readSettings(environment),
    policy: lazily(() => readPolicy(environment)),
    identity: lazily(() => {
      const { endpoint, credential } = armOf(options);
      return { whoAmI: () => readTokenHolder(endpoint, credential) };
    }),
    storage: lazily(() => createStorageInspection(createStorageClients(accessOf(environment), systemClock))),
    records: lazily(() => recordsOf(accessOf(environment))),
    arm: lazily(() => readArm(options)),
    registration: lazily(() => readRegistrationWith(armOf(options))),
    signInKeys: lazily(() => readKeysWith(createKeyFetch(options.arm?.httpClient))),
  };
}

const signInTimeoutMs = 10_000;

function readKeysWith(fetch: KeyFetch): SignInKeys {
  return {
    async count(url) {
      const reply = await withAbortAfter({ clock: systemClock, ms: signInTimeoutMs }, (signal) =>
        fetch(url, { signal }),
      );
      const { keys } = fieldsOf(tryParseJson(await reply.text()));
      if (reply.status !== 200) throw new Error(`HTTP ${reply.status}`);
      if (!Array.isArray(keys)) throw new Error('the reply is not a key set');
      return keys.length;
    },
  };
}

function readRegistrationWith(arm: Pick<ArmOptions, 'credential' | 'httpClient'>): RegistrationSource {
  return {
    read: ({ authority, clientId }) =>
      withAbortAfter({ clock: systemClock, ms: signInTimeoutMs }, (signal) =>
        readRegistration(arm, { authority, clientId, signal }),
      ),
  };
}

/** Creates the value with the first call. If that throws, each call tries again. */
function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function readSettings(environment: Environment): SettingsReading {
  try {
    return { environment, config: readConfig(environment), problems: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { environment, config: undefined, problems: error.problems };
  }
}

function armOf({ environment, arm }: LiveDoctorOptions): ArmOptions {
  const { armEndpoint: endpoint, hasManagedIdentity, clientId, apiVersions } = readArmConfig(environment);
  const credential = createCredential({ identityEndpointPresent: hasManagedIdentity, clientId });
  return { endpoint, credential, apiVersions, ...arm };
}

/**
 * Reads only the storage's own settings, so that a wrong setting elsewhere does not prevent the
 * storage check.
 */
function accessOf(environment: Environment): StorageAccess {
  return storageAccessFrom(readConfig(only(environment, /^(?:AzureWebJobsStorage(?:__\w+)?|IDENTITY_\w+)$/)));
}

function readPolicy(environment: Environment): PolicyReading {
  const own = only(environment, /^POLICY_/);
  // A placeholder for the storage setting, which `readConfig` requires; only the policy's settings are used.
  const { policyPath: path, policyMode: modeOverride } = readConfig({
    ...own,
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  });
  const reader = isUrl(path) ? createLivePolicy(path, environment) : undefined;
  const files = (): ReturnType<PolicyReading['files']> => (reader ?? createDiskPolicyReader(path)).read();
  return { path, files, source: createPolicySource({ path, modeOverride, clock: systemClock, reader }) };
}

function only(environment: Environment, names: RegExp): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => names.test(name)));
}

function recordsOf(access: StorageAccess): DeploymentRecords {
  const clients = createStorageClients(access, systemClock);
  const { operationsTable, ledgerTable } = defaultStorageNames;
  const table = (name: string) => new ExistingOnly(clients.table(name), `table ${name}`);
  return {
    journal: new TableSweepJournal(table(operationsTable)),
    operations: new TableOperationStore(table(operationsTable)),
    decisions: new TableDecisionReader(table(ledgerTable)),
    policyDigest: () => new TablePolicyMemory(table(operationsTable)).read(),
  };
}

function readArm(options: LiveDoctorOptions): ArmReading {
  const { onMalformed } = options;
  const arm = armOf(options);
  const client = createArmClient(arm);
  const types = chosenTypes(readArmConfig(options.environment).targetTypes);
  return {
    graph: createResourceGraphFinder(client, onMalformed),
    lists: createProviderListFinder(client, onMalformed),
    permissions: createArmPermissionReader(client),
    managementGroups: createArmManagementGroupReader(client, onMalformed),
    tenantOf: (id) => createArmSubscriptionReader(client, onMalformed).readTenant(id),
    events: createArmEventSubscriptionReader(client),
    types,
    needed: neededActions,
    deployed: createArmDeploymentReader(client),
    versions: { sent: () => sentVersions(types, arm.apiVersions), ...createArmProviderVersionReader(client) },
  };
}

const neededActions: NeededActions = {
  onTarget: actionsOnTarget,
  onSubscription: actionsOnSubscription,
  onEndpoint: [endpointAction],
  onRequester: [subscriptionAction],
  onNetwork: [networkAction],
  onManagedEndpoints: allManagedEndpointActions,
};
