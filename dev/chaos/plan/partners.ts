import type { Random } from '../../azure/model/random';
import type { PolicyFile } from '../../../src/policy/policy-file';
import type { LaterOrder, PlannedConnection } from './draw-connections';
import { expectedEffectsOf, type Requester } from './expected-answers';
import { foreign, partners, partnersTenantId } from './requesters';

/** Who asks with an announcement, or as if with one. */
interface Kind {
  readonly requester: Requester;
  readonly subscriptions: readonly string[];
  /** Whether the announcement names the endpoint's id, or only its name and the partners' tenant. */
  readonly announces: 'id' | 'name';
  readonly comesBack: readonly [chance: number, times: number];
}

const kinds: readonly Kind[] = [
  { requester: 'partner', subscriptions: partners, announces: 'id', comesBack: [0, 0] },
  { requester: 'partner', subscriptions: partners, announces: 'name', comesBack: [0, 0] },
  // Its announcement counts once: when it comes back, a person decides.
  { requester: 'returner', subscriptions: partners, announces: 'id', comesBack: [0.8, 1] },
  { requester: 'returner', subscriptions: partners, announces: 'name', comesBack: [0.8, 1] },
  // Bears a name that was announced, in a tenant that was not.
  { requester: 'copycat', subscriptions: foreign, announces: 'name', comesBack: [0, 0] },
];

/** Draws requests that were announced, and requests that look as if. */
export function drawPartners(random: Random, wanted: LaterOrder): readonly PlannedConnection[] {
  const { first, count, targets, busySeconds } = wanted;
  return Array.from({ length: count }, (_, index) => {
    const kind = kinds[Math.floor(random.next() * kinds.length)]!;
    const target = targets[Math.floor(random.next() * targets.length)]!;
    const name = `pe-${String(first + index).padStart(5, '0')}`;
    const [chance, times] = kind.comesBack;
    return {
      label: `${target.name}/${name}`,
      requester: kind.requester,
      targetId: target.id,
      endpointId: `/subscriptions/${kind.subscriptions[0]}/resourceGroups/network/providers/Microsoft.Network/privateEndpoints/${name}`,
      name,
      message: `As announced, ${first + index}`,
      tags: {},
      start: 'Pending' as const,
      arrivesAtSeconds: random.between(0, busySeconds * 0.8),
      isAnnouncedEarly: random.next() < 0.2,
      isSilent: random.next() < 0.08,
      comesBack: random.next() < chance ? times : 0,
      approvedAgain: 0,
      expectedEffects: expectedEffectsOf(kind.requester, target.trait, target.revokedBy),
      announced: kind.announces,
    };
  });
}

/** Returns the file that announces the requests of a plan. */
export function announcementsOf(connections: readonly PlannedConnection[]): PolicyFile {
  const expected = connections.flatMap(({ announced, endpointId, name, targetId }) => {
    if (announced === undefined) return [];
    const who = announced === 'id' ? { endpointId } : { endpointName: name, tenantId: partnersTenantId };
    return [{ ...who, target: targetId, until: '2100-01-01T00:00:00Z', by: `the partner of ${name}` }];
  });
  return { path: 'partners.expected.yaml', text: JSON.stringify({ version: 1, expected }) };
}
