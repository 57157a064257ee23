import { loadPolicy } from '../../src/policy/compile-policy';
import type { Facts, TargetFacts } from '../../src/policy/facts/facts';
import type { Policy } from '../../src/policy/policy';
import { makeTruePolicy } from './true-policy';
import { type Asker, makeWorld, type World, type WorldSize } from './world';

/** The time of all decisions. */
export const now = new Date('2026-03-01T12:00:00Z');

/** A request, and what the true policy says about it. */
export interface LabeledFacts {
  /** Its status is what people made of it: noisy. */
  readonly facts: Facts;
  readonly isRight: boolean;
  readonly isStranger: boolean;
}

/** A made-up estate: connections that people have answered, and others that nobody has seen. */
export interface MadeEstate {
  readonly seed: number;
  readonly truth: string;
  readonly seen: readonly LabeledFacts[];
  readonly unseen: readonly LabeledFacts[];
}

/** Sizes of an estate. */
export interface EstateSize extends WorldSize {
  readonly seen: number;
  readonly unseen: number;
  /** Share of the connections that people answered wrongly. */
  readonly noise: number;
}

/** Makes up an estate, the same for the same seed. */
export function makeEstate(seed: number, size: EstateSize): MadeEstate {
  const world = makeWorld(seed, size);
  const { text } = makeTruePolicy(world);
  const policy = loaded(text);
  const request = (index: number): LabeledFacts => requestOf(world, { policy, index, noise: size.noise });
  return {
    seed,
    truth: text,
    seen: Array.from({ length: size.seen }, (_, index) => request(index)),
    unseen: Array.from({ length: size.unseen }, (_, index) => request(size.seen + index)),
  };
}

/** Loads a policy. @throws Error with the first problem. */
export function loaded(text: string): Policy {
  const load = loadPolicy([{ path: 'policy.yaml', text }]);
  if (load.kind === 'loaded') return load.policy;
  throw new Error(load.problems[0]?.message ?? 'the policy does not load');
}

/** Decides as if the connection were Pending. */
export function approves(policy: Policy, facts: Facts): boolean {
  const pending = { ...facts, connection: { ...facts.connection, status: 'Pending' } };
  return policy.decide(pending, now)?.effect === 'approve';
}

/** The most tries for a request that the policy approves: people ask for what they may have more often than not. */
const tries = 12;

function requestOf(
  world: World,
  { policy, index, noise }: { readonly policy: Policy; readonly index: number; readonly noise: number },
): LabeledFacts {
  const { random } = world;
  const wantsApproval = random.happens(0.65);
  let asker = askerOf(world);
  let facts = factsOf(world, { asker, target: targetOf(world, asker), index });
  for (let tried = 0; wantsApproval && tried < tries && !approves(policy, facts); tried++) {
    asker = askerOf(world);
    facts = factsOf(world, { asker, target: targetOf(world, asker), index });
  }
  const isRight = approves(policy, facts);
  const isApproved = random.happens(noise) ? !isRight : isRight;
  const status = isApproved ? 'Approved' : random.happens(0.6) ? 'Rejected' : 'Pending';
  return {
    facts: { ...facts, connection: { ...facts.connection, status } },
    isRight,
    isStranger: world.strangers.includes(asker),
  };
}

function askerOf({ random, own, managed, partners, strangers }: World): Asker {
  const kind = random.below(100);
  if (kind < 72) return random.pickEarly(own);
  if (kind < 82) return random.pick(managed);
  return kind < 90 ? random.pick(partners) : random.pick(strangers);
}

/** Every fourth request is for a target of the requester's own subscription, if there is one. */
function targetOf({ random, targets }: World, { subscriptionId }: Asker): TargetFacts {
  const own = targets.filter((target) => target.subscriptionId === subscriptionId);
  return own.length > 0 && random.happens(0.25) ? random.pick(own) : random.pick(targets);
}

function factsOf(
  { random, tenantId }: World,
  { asker, target, index }: { readonly asker: Asker; readonly target: TargetFacts; readonly index: number },
): Facts {
  const { subscriptionId, tenant, managementGroups } = asker;
  const name = `pe-${index}`;
  const endpointId = `/subscriptions/${subscriptionId}/resourceGroups/rg-app-${random.below(20)}/providers/Microsoft.Network/privateEndpoints/${name}`;
  const network = asker.networks.length === 0 ? undefined : random.pick(asker.networks);
  const known = { subscriptionTags: {}, managementGroups };
  const asItself = {
    id: endpointId,
    type: 'Microsoft.Network/privateEndpoints',
    name,
    subscriptionId,
    how: 'endpoint' as const,
  };
  return {
    connection: {
      id: `${target.id}/privateEndpointConnections/${name}`,
      name,
      status: 'Pending',
      message: random.pick(['please', 'CHG0012345', 'for our service']),
      groupIds: [],
      firstSeen: now,
    },
    endpoint: {
      id: endpointId,
      subscriptionId,
      resourceGroup: `rg-app-${random.below(20)}`,
      name,
      tenantId: asker.tenantId,
      tenant,
      location: random.pick(['westeurope', 'northeurope']),
      tags: { owner: random.pick(['web', 'data']) },
      virtualNetworkId: network,
      peeredNetworks: network === undefined ? undefined : asker.hubs,
    },
    requester: tenant === 'own' ? { ...asItself, ...known } : asker.behind && { ...asker.behind, ...known },
    target: { ...target, tenantId },
    consumer: { pending: 1, approved: 0, rejected: 0, disconnected: 0 },
  };
}
