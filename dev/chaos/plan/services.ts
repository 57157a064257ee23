import { managedRequest, type ManagedEndpoint } from '../../azure/model/managed-endpoints';
import type { Random } from '../../azure/model/random';
import type { LaterOrder, PlannedConnection } from './draw-connections';
import type { PlannedTarget } from './draw-targets';
import { expectedEffectsOf, type Requester } from './expected-answers';
import { foreign } from './requesters';

/** The group of our resources behind managed endpoints. */
const ownerGroup = '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/data';

/** Who asks on one target, together. */
type Scene = readonly Role[];

interface Role {
  readonly requester: Requester;
  readonly by: 'service' | 'stranger';
  readonly service: 'data-factory' | 'search';
  /** Whether the service's resource is ours. */
  readonly isOurs?: true;
  /** Whether it copies the name or the message of the first of the scene. */
  readonly copies?: true;
}

const scenes: readonly Scene[] = [
  [{ requester: 'service', by: 'service', service: 'data-factory', isOurs: true }],
  [{ requester: 'service', by: 'service', service: 'search', isOurs: true }],
  // Somebody else's factory, in the same subscription of Microsoft's.
  [
    { requester: 'service', by: 'service', service: 'data-factory', isOurs: true },
    { requester: 'copycat', by: 'service', service: 'data-factory' },
  ],
  // An endpoint in a stranger's own subscription that bears the name of ours.
  [
    { requester: 'service', by: 'service', service: 'data-factory', isOurs: true },
    { requester: 'copycat', by: 'stranger', service: 'data-factory', copies: true },
  ],
  // Somebody else's search service that copies the message of ours: ours may be held with it.
  [
    { requester: 'copied', by: 'service', service: 'search', isOurs: true },
    { requester: 'copycat', by: 'service', service: 'search', copies: true },
  ],
];

/** Draws requests through services of Microsoft, and such that look as if. */
export function drawServices(random: Random, wanted: LaterOrder): readonly PlannedConnection[] {
  const { first, count, targets, busySeconds } = wanted;
  const drawn: PlannedConnection[] = [];
  while (drawn.length < count) {
    const scene = scenes[Math.floor(random.next() * scenes.length)]!;
    const target = targets[Math.floor(random.next() * targets.length)]!;
    const number = first + drawn.length;
    const key = random.hex(12);
    for (const [index, role] of scene.entries()) {
      const arrivesAtSeconds = random.between(0, busySeconds * 0.8);
      const order = { role, target, key, number, own: number + index, arrivesAtSeconds };
      if (drawn.length < count) drawn.push(plannedOf(order));
    }
  }
  return drawn;
}

function plannedOf(order: {
  readonly role: Role;
  readonly target: PlannedTarget;
  readonly key: string;
  /** The number of the scene's first connection, and that of this one. */
  readonly number: number;
  readonly own: number;
  readonly arrivesAtSeconds: number;
}): PlannedConnection {
  const { role, target, key, number, own, arrivesAtSeconds } = order;
  const nameOf = (which: number): string => `pe-${String(which).padStart(5, '0')}`;
  const alike = role.copies === true ? number : own;
  const message = role.service === 'search' ? `Index of order ${alike}, ${key}` : '';
  const managed: ManagedEndpoint = {
    targetId: target.id,
    service: role.service,
    // The names of factories and search services are unique in Azure.
    owner: `${role.isOurs === true ? 'ours' : 'theirs'}-${role.by === 'stranger' ? number : own}`,
    name: nameOf(role.by === 'stranger' ? number : own),
    message,
    ...(role.isOurs === true ? { ownerGroup } : {}),
  };
  const bait = { ...managed, owner: `ours-${number}` };
  const { endpointId } = managedRequest({ assign: () => undefined }, role.by === 'stranger' ? bait : managed);
  const strangers = `/subscriptions/${foreign[1]}/resourceGroups/vnet-92b2afd7-westeurope-55-rg`;
  return {
    label: `${target.name}/${nameOf(own)}`,
    requester: role.requester,
    targetId: target.id,
    endpointId:
      role.by === 'service'
        ? endpointId
        : endpointId.replace(/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/, strangers),
    name: nameOf(own),
    message: role.by === 'stranger' ? 'Order of a service' : message,
    tags: {},
    start: 'Pending',
    arrivesAtSeconds,
    isAnnouncedEarly: false,
    isSilent: false,
    comesBack: 0,
    approvedAgain: 0,
    expectedEffects: expectedEffectsOf(role.requester, target.trait, target.revokedBy),
    ...(role.by === 'service' ? { managed } : {}),
  };
}
