import type { ManagedEndpoint } from '../../azure/model/managed-endpoints';
import type { Random } from '../../azure/model/random';
import type { PlannedTarget } from './draw-targets';
import { profiles, type Profile } from './requesters';
import { expectedEffectsOf, type Requester, type Status, type ExpectedEffects } from './expected-answers';

export interface PlannedConnection {
  /** `target/endpoint`, for people. */
  readonly label: string;
  readonly requester: Requester;
  readonly targetId: string;
  /** The endpoint of this connection alone. */
  readonly endpointId: string;
  readonly name: string;
  readonly message: string;
  /** Tags of the endpoint. */
  readonly tags: Readonly<Record<string, string>>;
  /** Pending connections are requested through ARM. All others exist from the start. */
  readonly start: Status;
  readonly arrivesAtSeconds: number;
  /** Whether an event reports the connection before it exists. */
  readonly isAnnouncedEarly: boolean;
  /**
   * Whether no event names the connection, so that only the sweep, or a review for another connection, finds
   * it.
   */
  readonly isSilent: boolean;
  /** How often its requester creates it again once it is gone. */
  readonly comesBack: number;
  /** How often a contributor approves it again once it is Rejected, with the same description. */
  readonly approvedAgain: number;
  readonly expectedEffects: ExpectedEffects;
  /** How the request was announced; absent: it was not. */
  readonly announced?: 'id' | 'name' | undefined;
  /** When its subscription goes to another tenant; absent: never. */
  readonly movesAtSeconds?: number | undefined;
  /** The request of a service of Microsoft that makes the endpoint; absent: its requester does. */
  readonly managed?: ManagedEndpoint | undefined;
}

export interface ConnectionsOrder {
  readonly count: number;
  readonly targets: readonly PlannedTarget[];
  /** The time over which requests arrive. */
  readonly busySeconds: number;
}

/** The order of connections that are drawn after others. */
export interface LaterOrder extends ConnectionsOrder {
  /** The number of the first one. */
  readonly first: number;
}

/** The run's limit of revocations per review. No target has more revocable connections. */
export const revocationsPerReview = 3;

/**
 * The number of contractors that arrive together, so that more approvals end at once than one review may
 * revoke.
 */
const gangSize = 5;
const gangSpreadSeconds = 2;

export function drawConnections(random: Random, wanted: ConnectionsOrder): readonly PlannedConnection[] {
  const places = createPlaces(random, wanted);
  return Array.from({ length: wanted.count }, (_, index) => {
    const profile = pick(random.next() * 100);
    const { target, arrivesAtSeconds } = places(profile.requester);
    const subscription = profile.subscriptions[Math.floor(random.next() * profile.subscriptions.length)]!;
    const name = `${profile.endpointPrefix}-${String(index + 1).padStart(5, '0')}`;
    return {
      label: `${target.name}/${name}`,
      requester: profile.requester,
      targetId: target.id,
      endpointId: `/subscriptions/${subscription}/resourceGroups/network/providers/Microsoft.Network/privateEndpoints/${name}`,
      name,
      message: profile.message(index + 1),
      tags: profile.tags ?? {},
      start: profile.start,
      arrivesAtSeconds: profile.start === 'Pending' ? arrivesAtSeconds : 0,
      isAnnouncedEarly: random.next() < 0.2,
      isSilent: random.next() < 0.08,
      comesBack: timesOf(random, profile.comesBack),
      approvedAgain: timesOf(random, profile.approvedAgain),
      expectedEffects: expectedEffectsOf(profile.requester, target.trait, target.revokedBy),
    };
  });
}

/** Returns the names of planned connections in a text. */
export function namesIn(text: string): readonly string[] {
  return text.match(/\bpe-(?:old-)?\d{5}\b/g) ?? [];
}

type Place = { readonly target: PlannedTarget; readonly arrivesAtSeconds: number };

/** Creates a function that returns target and time for the next request of a kind. */
function createPlaces(
  random: Random,
  { targets, busySeconds }: ConnectionsOrder,
): (requester: Requester) => Place {
  const revocable = new Map<PlannedTarget, number>();
  let gang: { readonly place: Place; left: number } | undefined;
  const productive = targets.filter(({ trait }) => trait === 'prod');
  const anywhere = (among = targets): Place => ({
    target: among[Math.floor(random.next() * among.length)]!,
    arrivesAtSeconds: random.between(0, busySeconds * 0.8),
  });
  const withGang = (): Place => {
    if (gang === undefined || gang.left === 0) gang = { place: anywhere(productive), left: gangSize };
    gang.left -= 1;
    const { target, arrivesAtSeconds } = gang.place;
    return { target, arrivesAtSeconds: arrivesAtSeconds + random.between(0, gangSpreadSeconds) };
  };
  const whereRevocable = (): Place => {
    const place = anywhere();
    const free = [place.target, ...targets].find((each) => (revocable.get(each) ?? 0) < revocationsPerReview);
    const target = free ?? place.target;
    revocable.set(target, (revocable.get(target) ?? 0) + 1);
    return { ...place, target };
  };
  return (requester) => {
    if (requester === 'contractor') return withGang();
    return requester === 'banned' || requester === 'revoked' ? whereRevocable() : anywhere();
  };
}

function timesOf(random: Random, wanted: Profile['comesBack']): number {
  const drawn = random.next();
  if (wanted === undefined || drawn >= wanted[0]) return 0;
  return 1 + Math.floor(random.next() * wanted[1]);
}

function pick(chance: number): Profile {
  let sum = 0;
  return profiles.find(({ share }) => (sum += share) > chance) ?? profiles[0]!;
}
