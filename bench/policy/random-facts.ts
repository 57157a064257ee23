import type { Facts } from '../../src/policy/facts/facts';
import { environments, places, subscriptionId, teams } from './rules';

/** The time of all decisions. */
export const now = new Date('2026-03-01T12:00:00Z');

/**
 * Generates Pending connections, the same for the same seed, with ids in mixed case, as ARM sends
 * them.
 */
export function randomFacts(count: number, seed: number): readonly Facts[] {
  const random = mulberry32(seed);
  return Array.from({ length: count }, (_, index) => oneOf(random, index));
}

const messages = [
  '',
  'Please approve, CHG0012345 for the web team',
  'REQ-00421 nightly batch needs the vault',
  'owner=anna@contoso.com wants access to the shared vault',
  'we need this today',
  'access for the data platform in the new region, as discussed with the platform team last week',
];

function oneOf(random: () => number, index: number): Facts {
  const below = (count: number): number => Math.floor(random() * count);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)]!;
  const subscription = subscriptionId(below(teams * 50)).toUpperCase();
  const team = below(teams);
  const name = `pe-${index}`;
  const network = `/subscriptions/${subscription}/resourceGroups/RG-Hub/providers/Microsoft.Network/virtualNetworks/Hub-${below(8)}`;
  const targetId = `/subscriptions/${subscriptionId(9_999)}/resourceGroups/RG-Shared/providers/Microsoft.KeyVault/vaults/kv-${below(50)}`;
  const freeze: Record<string, string> = random() < 0.1 ? { Freeze: `wave-${below(12)}` } : {};
  return {
    connection: {
      id: `${targetId}/privateEndpointConnections/${name}`,
      name,
      status: 'Pending',
      message: random() < 0.3 ? `team-${team}: for our service` : pick(messages),
      groupIds: ['vault'],
      provisioningState: 'Succeeded',
      firstSeen: new Date(now.getTime() - below(400) * 3_600_000),
    },
    endpoint: {
      id: `/subscriptions/${subscription}/resourceGroups/RG-Web/providers/Microsoft.Network/privateEndpoints/${name}`,
      subscriptionId: subscription,
      resourceGroup: 'RG-Web',
      name,
      location: pick(places),
      tags: { CostCenter: `${1_000 + below(50)}` },
      subnetId: `${network}/subnets/pe`,
      virtualNetworkId: network,
    },
    target: {
      id: targetId,
      type: 'Microsoft.KeyVault/vaults',
      subscriptionId: subscriptionId(9_999),
      resourceGroup: 'RG-Shared',
      name: 'kv',
      location: pick(places),
      tags: { Env: pick(environments), Owner: `team-${team}`, ...freeze },
    },
    consumer: { pending: 1, approved: below(12), rejected: 0, disconnected: 0 },
  };
}

/**
 * Creates a random number generator with a seed, because the facts must be the same in every
 * process.
 */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
