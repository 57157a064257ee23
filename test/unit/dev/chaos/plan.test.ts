import { join } from 'node:path';
import { drawPlan, type PlanOrder } from '../../../../dev/chaos/plan';
import type { Status } from '../../../../dev/chaos/wishes';
import { readOptions, UsageError } from '../../../../dev/chaos/options';
import { wishIn } from '../../../../dev/chaos/wishes';
import { systemClock } from '../../../../src/clock';
import { parseResourceId } from '../../../../src/connections/resource-id';
import { createPolicySource } from '../../../../src/policy/policy-source';

const order: PlanOrder = { seed: 5, connections: 400, targets: 40, actShare: 0.2, killEverySeconds: 4 };

test('the same seed draws the same plan, another seed another one', () => {
  expect(drawPlan(order)).toEqual(drawPlan(order));
  expect(drawPlan({ ...order, seed: 6 })).not.toEqual(drawPlan(order));
});

test('a plan has every system, every wish, and each connection on a target of its own world', () => {
  const plan = drawPlan(order);
  expect(new Set(plan.targets.map(({ name }) => name.split('-')[0]))).toEqual(
    new Set(['kv', 'hsm', 'apim', 'da']),
  );
  const wishes = plan.connections.map((each) => wishIn(each.wishes, each.start));
  expect(new Set(wishes)).toEqual(new Set(['approve', 'reject', 'delete', 'hold', 'leave']));
  const targets = new Set(plan.targets.map(({ id }) => id));
  expect(plan.connections.every(({ targetId }) => targets.has(targetId))).toBe(true);
  expect(new Set(plan.connections.map(({ endpointId }) => endpointId)).size).toBe(400);
  expect(new Set(plan.acts.map(({ kind }) => kind)).size).toBe(4);
  expect(new Set(plan.kills.map(({ host }) => host))).toEqual(new Set([0, 1]));
});

test('the policy of the run wants what the table of wishes says', async () => {
  const path = join(__dirname, '../../../../dev/chaos/policy');
  const loaded = await createPolicySource({ path, clock: systemClock, modeOverride: undefined }).current();
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
  const { targets, connections } = drawPlan({ ...order, connections: 600 });
  for (const { targetId, endpointId, name, message, wishes } of connections) {
    const target = targets.find(({ id }) => id === targetId)!;
    for (const status of ['Pending', 'Approved', 'Rejected', 'Disconnected'] satisfies Status[]) {
      const decision = loaded.policy.decide(
        {
          connection: {
            id: `${targetId}/x`,
            name,
            status,
            message,
            groupIds: [],
            provisioningState: 'Succeeded',
            firstSeen: new Date(0),
          },
          endpoint: {
            ...partsOf(endpointId),
            location: undefined,
            tags: undefined,
            subnetId: undefined,
            virtualNetworkId: undefined,
          },
          target: {
            ...partsOf(targetId),
            type: targetId.split('/').slice(6, 8).join('/'),
            kind: undefined,
            location: 'westeurope',
            tags: target.tags,
          },
          consumer: undefined,
        },
        new Date(1_000_000),
      );
      const wish = wishIn(wishes, status);
      // A rule that concerns the status and does not match is a hold, too: it writes nothing, as `leave` does.
      const wanted = wish === 'leave' ? ['leave', 'hold'] : [wish];
      expect(wanted).toContain(decision?.effect ?? 'leave');
    }
  }
});

function partsOf(id: string): { id: string; subscriptionId: string; resourceGroup: string; name: string } {
  const { subscriptionId, resourceGroup = '', name } = parseResourceId(id) as never as Record<string, string>;
  return {
    id,
    subscriptionId: subscriptionId ?? '',
    resourceGroup,
    name: name ?? id.split('/').at(-1) ?? '',
  };
}

test('options have defaults, and a wrong one is named', () => {
  expect(readOptions(['--seed', '3'])).toMatchObject({
    seed: 3,
    connections: 1000,
    targets: 200,
    minutes: 15,
  });
  expect(readOptions(['--broken', 'no-lease'])).toMatchObject({ broken: 'no-lease', targets: 4 });
  expect(() => readOptions(['--connections', 'many'])).toThrow(UsageError);
  expect(() => readOptions(['--broken', 'everything'])).toThrow(/no-lease, no-write-ahead, trust-event/);
  expect(() => readOptions(['--nonsense'])).toThrow(/nonsense/);
});
