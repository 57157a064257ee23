import { addConnection } from './connections';
import type { Target, TargetProfile, World } from './world';

/** An order for many targets, each with the same number of Pending connections. */
export interface ManyTargets {
  readonly subscriptionId: string;
  readonly targets: number;
  readonly connectionsPerTarget: number;
  /** The types that take turns. Default: those that have a store of their own. */
  readonly types?: readonly string[] | undefined;
}

export interface SeededTargets {
  /** Target ids, in list order. */
  readonly targets: readonly string[];
  readonly connections: number;
}

/**
 * Creates a whole tenant at once, without requests and events. The types take turns, and the connections have
 * no endpoints. Otherwise the targets behave like all others.
 */
export function seedManyTargets(
  world: World,
  profiles: readonly TargetProfile[],
  { subscriptionId, targets, connectionsPerTarget }: Omit<ManyTargets, 'types'>,
): SeededTargets {
  const made = Array.from({ length: targets }, (_, index) => {
    const profile = profiles[index % profiles.length]!;
    const target = newTarget(world, { profile, subscriptionId, name: `crowd-${nameNumber(index)}` });
    world.targets.set(target.id.toLowerCase(), target);
    for (let each = 0; each < connectionsPerTarget; each += 1) seedPending(world, target, each);
    return target.id;
  });
  return { targets: made, connections: targets * connectionsPerTarget };
}

/** Formats a number with a fixed length, so that names sort in the order of creation. */
function nameNumber(index: number): string {
  return String(index + 1).padStart(6, '0');
}

function newTarget(
  world: World,
  { profile, subscriptionId, name }: Pick<Target, 'profile' | 'subscriptionId' | 'name'>,
): Target {
  const resourceGroup = 'crowd';
  return {
    profile,
    id: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${profile.type}/${name}`,
    subscriptionId,
    resourceGroup,
    name,
    location: 'westeurope',
    tags: {},
    extras: {},
    properties: {},
    createdAt: world.clock.now(),
    connections: new Map(),
    lock: undefined,
  };
}

function seedPending(world: World, target: Target, index: number): void {
  const connectionName = `pe-${target.name}-${nameNumber(index)}`;
  addConnection(world, target, {
    connectionName,
    endpointId: `/subscriptions/99999999-9999-4999-8999-999999999999/resourceGroups/crowd/providers/Microsoft.Network/privateEndpoints/${connectionName}`,
    groupIds: [],
    status: 'Pending',
    description: 'One of many',
  });
}
