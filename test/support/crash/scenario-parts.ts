import type { PolicyFile } from '../../../src/policy/policy-file';
import { parseTargetId, type TargetId } from '../../../src/connections/resource-id';
import type { Effect } from '../../../src/policy/decision';
import { operationEvent } from '../samples/event-samples';
import { targetIds } from '../rigs/rig';
import type { CrashWorld } from './crash-world';
import type { Happening, Scenario } from './host';

export const [vault, disk, api] = [targetIds.vault, targetIds.diskAccess, targetIds.apiManagement].map((id) =>
  parseTargetId(id),
) as [TargetId, TargetId, TargetId];

/** Adds a waiting connection and the policy's answer to it. */
export function asks(world: CrashWorld, target: TargetId, name: string, effect: Effect): void {
  world.arm.seed({ target, name, message: `${name}, please` });
  world.policy.effects.set(name, effect);
  if (!world.targets.includes(target)) world.targets.push(target);
}

/** Returns an event that reports the creation of a connection on the target. */
export function announced(target: TargetId, atSeconds = 0): Happening {
  const operation = `${target.type}/privateEndpointConnectionProxies/write`;
  const subject = `${target.id}/privateEndpointConnectionProxies/proxy`;
  return { atSeconds, invoke: { trigger: 'event', event: operationEvent('Write', operation, subject) } };
}

/** Puts a request to review the target into the queue, as an event does that comes in a burst of others. */
export function queued({ reviews, clock }: CrashWorld, target: TargetId): void {
  const hintedAt = clock.now().toISOString();
  reviews.put({ version: 1, kind: 'target', id: target.id, hintedAt, because: 'event', attempt: 0 }, 0);
}

/** Returns an event that reports a change of a connection. */
export function touched(target: TargetId, atSeconds = 0): Happening {
  const operation = `${target.type}/privateEndpointConnections/write`;
  const subject = `${target.id}/privateEndpointConnections/one`;
  return { atSeconds, invoke: { trigger: 'event', event: operationEvent('Write', operation, subject) } };
}

/** Returns an event that names a requester's endpoint. Its target is only in ARM. */
export function endpointAnnounced(name: string): Happening {
  const subject = endpointIdOf(name);
  const event = operationEvent('Write', 'Microsoft.Network/privateEndpoints/write', subject);
  return { atSeconds: 0, invoke: { trigger: 'event', event } };
}

export function endpointIdOf(name: string): string {
  return `/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/consumers/providers/Microsoft.Network/privateEndpoints/pe-${name}`;
}

export function newPolicy(world: CrashWorld, digit: string): void {
  world.policy.digest = digit.repeat(64);
}

/** Returns a scenario with one connection on one target, and an event for it. */
export function single(
  name: string,
  target: TargetId,
  effect: Effect,
  more: (world: CrashWorld) => void = () => undefined,
): Scenario {
  return {
    name,
    arrange: (world) => {
      asks(world, target, 'one', effect);
      more(world);
      return [announced(target)];
    },
  };
}

export function journalOf({ policy, clock }: CrashWorld): CrashWorld['journal']['state'] {
  const at = clock.now().toISOString();
  const counts = {
    source: 'lists',
    connections: 0,
    targets: 2,
    asked: 0,
    inHand: 0,
    woken: 0,
    unread: 0,
  } as const;
  const { digest, mode } = policy;
  return { last: { ...counts, startedAt: at, finishedAt: at }, policy: { digest, mode }, listedAt: at };
}

/** Returns the file that announces the endpoint of a connection. */
export function announcementOf(target: TargetId, name: string): PolicyFile {
  const expected = [
    { endpointId: endpointIdOf(name), target: target.id, until: '2100-01-01T00:00:00Z', by: 'a pipeline' },
  ];
  return { path: 'a.expected.yaml', text: JSON.stringify({ version: 1, expected }) };
}
