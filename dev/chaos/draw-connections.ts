import type { Random } from '../azure/random';
import type { PlannedTarget } from './draw-targets';
import { wishesOf, type Requester, type Status, type Wishes } from './wishes';

export interface PlannedConnection {
  /** `target/endpoint`, for people. */
  readonly label: string;
  readonly targetId: string;
  /** Each connection has an endpoint of its own. */
  readonly endpointId: string;
  readonly name: string;
  readonly message: string;
  /** Pending: asked for through ARM. The others are there from the start. */
  readonly start: Status;
  readonly arrivesAtSeconds: number;
  /** An event tells of it before its connection exists. */
  readonly isAnnouncedEarly: boolean;
  /** No event that names it ever arrives: only the sweep, or a review for another connection, can find it. */
  readonly isSilent: boolean;
  readonly wishes: Wishes;
}

interface Profile {
  readonly requester: Requester;
  /** How often, out of a hundred. */
  readonly share: number;
  readonly subscriptions: readonly string[];
  readonly start: Status;
  readonly endpointPrefix: string;
  readonly message: (number: number) => string;
}

const landingZones = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
const foreign = ['99999999-9999-4999-8999-999999999999'];
const banned = ['66666666-6666-4666-8666-666666666666'];
const order = (number: number): string => `Order ${number}`;

const profiles: readonly Profile[] = [
  {
    requester: 'trusted',
    share: 48,
    subscriptions: landingZones,
    start: 'Pending',
    endpointPrefix: 'pe',
    message: order,
  },
  {
    requester: 'stranger',
    share: 12,
    subscriptions: foreign,
    start: 'Pending',
    endpointPrefix: 'pe',
    message: () => '',
  },
  {
    requester: 'asker',
    share: 8,
    subscriptions: foreign,
    start: 'Pending',
    endpointPrefix: 'pe',
    message: (number) => `Please call us, case ${number}`,
  },
  {
    requester: 'banned',
    share: 8,
    subscriptions: banned,
    start: 'Pending',
    endpointPrefix: 'pe',
    message: order,
  },
  {
    requester: 'withdrawn',
    share: 6,
    subscriptions: landingZones,
    start: 'Pending',
    endpointPrefix: 'pe',
    message: (number) => `withdrawn: order ${number}`,
  },
  {
    requester: 'leftover',
    share: 8,
    subscriptions: landingZones,
    start: 'Disconnected',
    endpointPrefix: 'pe-old',
    message: order,
  },
  {
    requester: 'revoked',
    share: 6,
    subscriptions: banned,
    start: 'Approved',
    endpointPrefix: 'pe',
    message: order,
  },
  {
    requester: 'approved',
    share: 4,
    subscriptions: landingZones,
    start: 'Approved',
    endpointPrefix: 'pe',
    message: order,
  },
];

export interface ConnectionsOrder {
  readonly count: number;
  readonly targets: readonly PlannedTarget[];
  /** Requests arrive spread over this time. */
  readonly busySeconds: number;
}

export function drawConnections(random: Random, wanted: ConnectionsOrder): readonly PlannedConnection[] {
  const { count, targets, busySeconds } = wanted;
  return Array.from({ length: count }, (_, index) => {
    const profile = pick(profiles, random.next() * 100);
    const target = targets[Math.floor(random.next() * targets.length)]!;
    const subscription = profile.subscriptions[Math.floor(random.next() * profile.subscriptions.length)]!;
    const name = `${profile.endpointPrefix}-${String(index + 1).padStart(5, '0')}`;
    const arrivesAtSeconds = random.between(0, busySeconds * 0.8);
    return {
      label: `${target.name}/${name}`,
      targetId: target.id,
      endpointId: `/subscriptions/${subscription}/resourceGroups/network/providers/Microsoft.Network/privateEndpoints/${name}`,
      name,
      message: profile.message(index + 1),
      start: profile.start,
      arrivesAtSeconds: profile.start === 'Pending' ? arrivesAtSeconds : 0,
      isAnnouncedEarly: random.next() < 0.2,
      isSilent: random.next() < 0.08,
      wishes: wishesOf(profile.requester, target.trait),
    };
  });
}

/** The names of planned connections in any text. */
export function namesIn(text: string): readonly string[] {
  return text.match(/\bpe-(?:old-)?\d{5}\b/g) ?? [];
}

function pick(all: readonly Profile[], chance: number): Profile {
  let sum = 0;
  return all.find(({ share }) => (sum += share) > chance) ?? all[0]!;
}
