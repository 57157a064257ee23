import { profileOf, type TargetType, targetTypes } from '../../src/connections/target-type';

/** How the policy answers a connection. */
export type Answer = 'approve' | 'reject' | 'hold';

/** One target, with one connection that waits for an answer. */
export interface EstateConnection {
  readonly type: TargetType;
  readonly targetId: string;
  readonly endpointName: string;
  readonly endpointId: string;
  readonly answer: Answer;
}

const owner = '33333333-3333-4333-8333-333333333333';

/** Who asks decides about the answer. */
const requesters: Readonly<Record<Answer, string>> = {
  approve: '11111111-1111-4111-8111-111111111111',
  reject: '99999999-9999-4999-8999-999999999999',
  hold: '22222222-2222-4222-8222-222222222222',
};

/**
 * The policy of the estate: it approves one subscription, rejects another, and holds what it does not know. What opens
 * many resources at once has a rule of its own.
 */
export const estatePolicy = `version: 1
mode: enforce
rules:
  - name: landing-zone
    effect: approve
    when: endpoint.subscriptionId == "${requesters.approve}"
  - name: landing-zone-opens-many
    effect: approve
    when: target.opensMany && endpoint.subscriptionId == "${requesters.approve}"
  - name: stranger
    effect: reject
    when: endpoint.subscriptionId == "${requesters.reject}"
`;

const answers: readonly Answer[] = ['approve', 'reject', 'hold'];

/**
 * Plans an estate with a target of every type. Each turn, 0 to 2, gives each type another of the three answers; a type
 * that cannot be written is always left to a person.
 */
export function planEstate(turn: number): readonly EstateConnection[] {
  return targetTypes().map((type, index): EstateConnection => {
    const asked = answers[(index + turn) % answers.length] ?? 'hold';
    const endpointName = `pe-${index}`;
    return {
      type,
      targetId: targetIdOf(type, index),
      endpointName,
      endpointId: `/subscriptions/${requesters[asked]}/resourceGroups/network/providers/Microsoft.Network/privateEndpoints/${endpointName}`,
      answer: profileOf(type).isWritable ? asked : 'hold',
    };
  });
}

function targetIdOf(type: TargetType, index: number): string {
  const [namespace, ...words] = type.split('/');
  const path = words.map((word, depth) => `${word}/target${index}${'-slot'.repeat(depth)}`).join('/');
  return `/subscriptions/${owner}/resourceGroups/estate/providers/${namespace}/${path}`;
}
