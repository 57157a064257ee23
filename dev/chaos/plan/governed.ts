import type { Random } from '../../azure/model/random';
import type { LaterOrder, PlannedConnection } from './draw-connections';
import { expectedEffectsOf } from './expected-answers';

/** The management group and the tag of the managed list, and the list's name. */
export const governedList = { name: 'governed', group: 'corp', tag: { zone: 'landing' } } as const;

/** Subscriptions that may be on the managed list. Fewer than a loss that waits for a person. */
export const governed = [1, 2, 3, 4].map((number) => `dadadada-0000-4000-8000-00000000000${number}`);
/** A subscription that is always in the group and never on the list, so that the group stays visible. */
export const groupsAnchor = 'dadadada-0000-4000-8000-000000000009';

/** What somebody makes of the management group at some time. Times are seconds from the start. */
export interface PlannedGrouping {
  readonly atSeconds: number;
  /** The subscriptions on the list: in the group, with the tag. Empty: all have lost the tag. */
  readonly members: readonly string[];
  /** Whether one of the members is shown in a way that nobody can read. */
  readonly isGarbled: boolean;
}

export interface PlannedGovernance {
  /** In the order of time. The last one has members, all readable. */
  readonly groupings: readonly PlannedGrouping[];
  /** When Resource Graph refuses every query. */
  readonly refuses: { readonly fromSeconds: number; readonly untilSeconds: number };
}

/** Draws a management group whose subscriptions come and go, and requests from all of them. */
export function drawGoverned(
  random: Random,
  { first, count, targets, busySeconds }: LaterOrder,
): { readonly governance: PlannedGovernance; readonly connections: readonly PlannedConnection[] } {
  const some = (): readonly string[] => {
    const members = governed.filter(() => random.next() < 0.6);
    return members.length === 0 ? governed.slice(0, 1) : members;
  };
  const times = Array.from({ length: 1 + Math.floor(random.next() * 4) }, () =>
    random.between(0, busySeconds),
  );
  const groupings = [
    { atSeconds: 0, members: some(), isGarbled: random.next() < 0.15 },
    ...times
      .toSorted((one, other) => one - other)
      .map((atSeconds) => ({
        atSeconds,
        members: random.next() < 0.2 ? [] : some(),
        isGarbled: random.next() < 0.25,
      })),
    { atSeconds: busySeconds, members: some(), isGarbled: false },
  ];
  const fromSeconds = random.between(0, busySeconds * 0.5);
  const refuses = { fromSeconds, untilSeconds: random.between(fromSeconds, busySeconds) };
  const connections = Array.from({ length: count }, (_, index): PlannedConnection => {
    const target = targets[Math.floor(random.next() * targets.length)]!;
    const name = `pe-${String(first + index).padStart(5, '0')}`;
    const subscriptionId = governed[Math.floor(random.next() * governed.length)]!;
    return {
      label: `${target.name}/${name}`,
      requester: 'governed',
      targetId: target.id,
      endpointId: `/subscriptions/${subscriptionId}/resourceGroups/network/providers/Microsoft.Network/privateEndpoints/${name}`,
      name,
      message: `Landing zone ${first + index}`,
      tags: {},
      start: 'Pending',
      arrivesAtSeconds: random.between(0, busySeconds * 0.95),
      isAnnouncedEarly: random.next() < 0.2,
      isSilent: random.next() < 0.08,
      comesBack: 0,
      approvedAgain: 0,
      expectedEffects: expectedEffectsOf('governed', target.trait, target.revokedBy),
    };
  });
  return { governance: { groupings, refuses }, connections };
}
