import type { Random } from '../../../azure/model/random';
import type { LaterOrder, PlannedConnection } from '../../../chaos/plan/draw-connections';
import { type PlannedTarget, withTrait } from '../../../chaos/plan/draw-targets';
import { expectedEffectsOf } from '../../../chaos/plan/expected-answers';
import { type Profile, profiles } from '../../../chaos/plan/requesters';

/** Requesters of whom a policy holds most, the most frequent first. */
const kinds = ['quarantined', 'asker', 'leftover'] as const;

/** Freezes some targets, but not the first: there the policy holds everything. */
export function freezeSome(random: Random, targets: readonly PlannedTarget[]): readonly PlannedTarget[] {
  return targets.map((target, index) =>
    random.next() < 0.3 && index > 0 ? withTrait(target, 'frozen') : target,
  );
}

/** Draws requests that wait for a person, some of which are made again once they are gone. */
export function drawHeld(
  random: Random,
  { first, count, targets, busySeconds }: LaterOrder,
): readonly PlannedConnection[] {
  return Array.from({ length: count }, (_, index) => {
    const kind = kinds[Math.floor(random.next() ** 1.5 * kinds.length)];
    const profile = profiles.find(({ requester }) => requester === kind) as Profile;
    const target = targets[Math.floor(random.next() * targets.length)]!;
    const { requester, endpointPrefix, start } = profile;
    const name = `${endpointPrefix}-${String(first + index).padStart(5, '0')}`;
    return {
      label: `${target.name}/${name}`,
      requester,
      targetId: target.id,
      endpointId: `/subscriptions/${profile.subscriptions[0]}/resourceGroups/network/providers/Microsoft.Network/privateEndpoints/${name}`,
      name,
      message: profile.message(first + index),
      tags: profile.tags ?? {},
      start,
      arrivesAtSeconds: start === 'Pending' ? random.between(0, busySeconds * 0.6) : 0,
      isAnnouncedEarly: random.next() < 0.2,
      isSilent: random.next() < 0.08,
      // The tags of an endpoint that leaves at once can be read by nobody, and then nothing holds its request.
      comesBack: requester === 'asker' && random.next() < 0.6 ? 1 : 0,
      approvedAgain: 0,
      expectedEffects: expectedEffectsOf(requester, target.trait, target.revokedBy),
    };
  });
}
