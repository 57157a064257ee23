import type { Random } from '../../azure/model/random';
import type { LaterOrder, PlannedConnection } from './draw-connections';
import { expectedEffectsOf } from './expected-answers';
import { movers } from './requesters';

/** A subscription that goes to another tenant in the middle of a run. */
export interface PlannedMove {
  readonly atSeconds: number;
  readonly subscriptions: readonly string[];
}

/** Draws requests from a subscription that is ours until it moves. */
export function drawMovers(
  random: Random,
  wanted: LaterOrder,
): { readonly move: PlannedMove; readonly connections: readonly PlannedConnection[] } {
  const { first, count, targets, busySeconds } = wanted;
  const move = { atSeconds: random.between(0, busySeconds * 0.5), subscriptions: movers };
  const connections = Array.from({ length: count }, (_, index): PlannedConnection => {
    const target = targets[Math.floor(random.next() * targets.length)]!;
    const name = `pe-${String(first + index).padStart(5, '0')}`;
    return {
      label: `${target.name}/${name}`,
      requester: 'mover',
      targetId: target.id,
      endpointId: `/subscriptions/${movers[0]}/resourceGroups/network/providers/Microsoft.Network/privateEndpoints/${name}`,
      name,
      message: `One of yours, ${first + index}`,
      tags: {},
      start: 'Pending',
      arrivesAtSeconds: random.between(0, busySeconds * 0.9),
      isAnnouncedEarly: random.next() < 0.2,
      isSilent: random.next() < 0.08,
      comesBack: 0,
      approvedAgain: 0,
      expectedEffects: expectedEffectsOf('mover', target.trait, target.revokedBy),
      movesAtSeconds: move.atSeconds,
    };
  });
  return { move, connections };
}
