import type { Random } from '../../azure/model/random';
import type { Revocation, Trait } from './expected-answers';

export interface PlannedTarget {
  readonly id: string;
  readonly name: string;
  readonly apiVersion: string;
  readonly trait: Trait;
  readonly tags: Readonly<Record<string, string>>;
  /** A `provisioningState` that its connections always show. Absent: the true one. */
  readonly alwaysShows: string | undefined;
  readonly revokedBy: Revocation;
}

/** The types of the targets: the four with a store of their own, or families of others, too. */
export type TypesOfRun = 'four' | 'all';

const owners = [1, 2, 3, 4].map((digit) => `3333333${digit}-3333-4333-8333-333333333333`);

interface System {
  readonly prefix: string;
  readonly type: string;
  readonly apiVersion: string;
  readonly revokedBy?: Revocation;
}

const four: readonly System[] = [
  { prefix: 'kv', type: 'Microsoft.KeyVault/vaults', apiVersion: '2024-11-01' },
  { prefix: 'hsm', type: 'Microsoft.KeyVault/managedHSMs', apiVersion: '2024-11-01' },
  { prefix: 'apim', type: 'Microsoft.ApiManagement/service', apiVersion: '2024-05-01' },
  { prefix: 'da', type: 'Microsoft.Compute/diskAccesses', apiVersion: '2025-01-02' },
];

/** One type of each family, and those whose replies, names or states are like no others. */
const families: readonly System[] = [
  // At once.
  { prefix: 'st', type: 'Microsoft.Storage/storageAccounts', apiVersion: '2023-01-01' },
  // The new status at once, then an operation.
  { prefix: 'pls', type: 'Microsoft.Network/privateLinkServices', apiVersion: '2023-09-01' },
  // An operation without a state.
  { prefix: 'redis', type: 'Microsoft.Cache/redis', apiVersion: '2021-06-01' },
  // 202 with the new status, and names that are GUIDs.
  { prefix: 'eh', type: 'Microsoft.EventHub/namespaces', apiVersion: '2023-01-01' },
  // PATCH.
  { prefix: 'bat', type: 'Microsoft.Batch/batchAccounts', apiVersion: '2023-11-01' },
  // Transitional statuses, and a state that stays Pending.
  { prefix: 'web', type: 'Microsoft.Web/sites', apiVersion: '2023-12-01', revokedBy: 'hold' },
  // The old status until the end; polls that answer 201.
  {
    prefix: 'cr',
    type: 'Microsoft.ContainerRegistry/registries',
    apiVersion: '2023-07-01',
    revokedBy: 'hold',
  },
  // The old status with Succeeded.
  { prefix: 'kusto', type: 'Microsoft.Kusto/clusters', apiVersion: '2023-08-15' },
  // The same, and connections that are called as their endpoints.
  { prefix: 'cosmos', type: 'Microsoft.DocumentDB/databaseAccounts', apiVersion: '2024-08-15' },
  // The SQL operation and its end, Ready. A rejection takes nothing away.
  { prefix: 'sql', type: 'Microsoft.Sql/servers', apiVersion: '2021-11-01', revokedBy: 'delete' },
  // A Pending that looks like work in progress.
  { prefix: 'cae', type: 'Microsoft.App/managedEnvironments', apiVersion: '2024-03-01' },
  // SUCCEEDED.
  { prefix: 'chsm', type: 'Microsoft.HardwareSecurityModules/cloudHsmClusters', apiVersion: '2024-06-30' },
  // Lists without names.
  { prefix: 'bot', type: 'Microsoft.BotService/botServices', apiVersion: '2022-09-15' },
];

const tagsOf: Readonly<Record<Trait, Readonly<Record<string, string>>>> = {
  prod: { env: 'prod' },
  dev: { env: 'dev' },
  frozen: { env: 'prod', freeze: 'CHG-4711' },
  lab: { env: 'lab' },
};

/** Undocumented states, which some providers always show. */
const oddStates = ['Pending', '', 'Provisioning', 'Unknown'];
const oddShare = 0.08;

/** Draws targets of the types in turn, in four subscriptions. Most targets are productive. */
export function drawTargets(
  random: Random,
  count: number,
  types: TypesOfRun = 'four',
): readonly PlannedTarget[] {
  const systems = types === 'four' ? four : [...four, ...families];
  return Array.from({ length: count }, (_, index) => {
    const { prefix, type, apiVersion, revokedBy = 'reject' } = systems[index % systems.length]!;
    const owner = owners[Math.floor(random.next() * owners.length)]!;
    const name = `${prefix}-${String(index + 1).padStart(4, '0')}`;
    const trait = index < systems.length ? 'prod' : traitOf(random.next());
    const id = `/subscriptions/${owner}/resourceGroups/shared/providers/${type}/${name}`;
    const odd = Math.floor(random.next() * oddStates.length * (1 / oddShare));
    // What is odd for the four may be a working state of another type, and no end at all.
    const alwaysShows = index % systems.length < four.length ? oddStates[odd] : undefined;
    return { id, name, apiVersion, trait, tags: tagsOf[trait], alwaysShows, revokedBy };
  });
}

/** Returns a target with another trait. */
export function withTrait(target: PlannedTarget, trait: Trait): PlannedTarget {
  return { ...target, trait, tags: tagsOf[trait] };
}

function traitOf(chance: number): Trait {
  if (chance < 0.8) return 'prod';
  if (chance < 0.88) return 'dev';
  return chance < 0.95 ? 'frozen' : 'lab';
}
