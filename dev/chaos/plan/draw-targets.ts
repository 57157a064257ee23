import type { Random } from '../../azure/model/random';
import type { Trait } from './expected-answers';

export interface PlannedTarget {
  readonly id: string;
  readonly name: string;
  readonly apiVersion: string;
  readonly trait: Trait;
  readonly tags: Readonly<Record<string, string>>;
  /** A `provisioningState` that its connections always show. Absent: the true one. */
  readonly alwaysShows: string | undefined;
}

const owners = [1, 2, 3, 4].map((digit) => `3333333${digit}-3333-4333-8333-333333333333`);

const systems = [
  { prefix: 'kv', type: 'Microsoft.KeyVault/vaults', apiVersion: '2024-11-01' },
  { prefix: 'hsm', type: 'Microsoft.KeyVault/managedHSMs', apiVersion: '2024-11-01' },
  { prefix: 'apim', type: 'Microsoft.ApiManagement/service', apiVersion: '2024-05-01' },
  { prefix: 'da', type: 'Microsoft.Compute/diskAccesses', apiVersion: '2025-01-02' },
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

/** Draws targets of the four types in turn, in four subscriptions. Most targets are productive. */
export function drawTargets(random: Random, count: number): readonly PlannedTarget[] {
  return Array.from({ length: count }, (_, index) => {
    const { prefix, type, apiVersion } = systems[index % systems.length]!;
    const owner = owners[Math.floor(random.next() * owners.length)]!;
    const name = `${prefix}-${String(index + 1).padStart(4, '0')}`;
    const trait = index < systems.length ? 'prod' : traitOf(random.next());
    const id = `/subscriptions/${owner}/resourceGroups/shared/providers/${type}/${name}`;
    const odd = Math.floor(random.next() * oddStates.length * (1 / oddShare));
    return { id, name, apiVersion, trait, tags: tagsOf[trait], alwaysShows: oddStates[odd] };
  });
}

function traitOf(chance: number): Trait {
  if (chance < 0.8) return 'prod';
  if (chance < 0.88) return 'dev';
  return chance < 0.95 ? 'frozen' : 'lab';
}
