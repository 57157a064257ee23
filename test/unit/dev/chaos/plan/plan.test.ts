import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { revocationsPerReview } from '../../../../../dev/chaos/plan/draw-connections';
import { drawPlan, type PlanOrder } from '../../../../../dev/chaos/plan/plan';
import {
  expectedEffectIn,
  type Requester,
  type Status,
} from '../../../../../dev/chaos/plan/expected-answers';
import { readOptions } from '../../../../../dev/chaos/options';
import { UsageError } from '../../../../../dev/lib/cli-options';
import { guardsOf } from '../../../../../dev/chaos/write-policy';
import { systemClock } from '../../../../../src/base/clock';
import { parseResourceId } from '../../../../../src/connections/resource-id';
import { createPolicySource } from '../../../../../src/policy/source/policy-source';

const order: PlanOrder = {
  seed: 5,
  connections: 400,
  targets: 40,
  foreignActionShare: 0.2,
  killEverySeconds: 4,
  persistence: true,
};

test('the same seed draws the same plan, another seed another one', () => {
  expect(drawPlan(order)).toEqual(drawPlan(order));
  expect(drawPlan({ ...order, seed: 6 })).not.toEqual(drawPlan(order));
});

test('a plan has every system, every wish, and each connection on a target of its own world', () => {
  const plan = drawPlan(order);
  expect(new Set(plan.targets.map(({ name }) => name.split('-')[0]))).toEqual(
    new Set(['kv', 'hsm', 'apim', 'da']),
  );
  const expectedEffects = plan.connections.map((each) => expectedEffectIn(each.expectedEffects, each.start));
  expect(new Set(expectedEffects)).toEqual(
    new Set(['approve', 'reject', 'delete', 'hold', 'leave', 'once', 'ours']),
  );
  expect(new Set(plan.connections.map(({ requester }) => requester)).size).toBe(15);
  const targets = new Set(plan.targets.map(({ id }) => id));
  expect(plan.connections.every(({ targetId }) => targets.has(targetId))).toBe(true);
  expect(new Set(plan.connections.map(({ endpointId }) => endpointId)).size).toBe(400);
  expect(new Set(plan.foreignActions.map(({ kind }) => kind)).size).toBe(4);
  expect(new Set(plan.kills.map(({ host }) => host))).toEqual(new Set([0, 1]));
});

/** Whose endpoints ARM lets nobody of ours read. */
function isForeign(requester: Requester): boolean {
  return ['stranger', 'asker', 'managed', 'partner', 'returner', 'copycat'].includes(requester);
}

test('nobody but contractors meets a limit, and they come in gangs that do', () => {
  const { connections } = drawPlan(order);
  const countsBy = (isMeant: (requester: Requester) => boolean) => {
    const counts = new Map<string, number>();
    for (const { targetId, requester } of connections)
      if (isMeant(requester)) counts.set(targetId, (counts.get(targetId) ?? 0) + 1);
    return Math.max(...counts.values());
  };
  expect(countsBy((requester) => requester === 'banned' || requester === 'revoked')).toBe(
    revocationsPerReview,
  );
  expect(countsBy((requester) => requester === 'contractor')).toBeGreaterThan(revocationsPerReview);
});

test('without persistence nobody comes back, and everything else is the same', () => {
  const [with_, without] = [true, false].map((persistence) => drawPlan({ ...order, persistence }));
  const turns = (plan = with_) =>
    plan!.connections.reduce((sum, { comesBack, approvedAgain }) => sum + comesBack + approvedAgain, 0);
  expect([turns() > 0, turns(without)]).toEqual([true, 0]);
  expect(without!.connections.map(({ label }) => label)).toEqual(
    with_!.connections.map(({ label }) => label),
  );
});

test('the policy of the run has the effects that the table of expected answers says', async () => {
  const plan = drawPlan({ ...order, connections: 600 });
  const folder = await mkdtemp(join(tmpdir(), 'postern-test-'));
  const rules = await readFile(join(__dirname, '../../../../../dev/chaos/policy/chaos.yaml'), 'utf8');
  const guards = guardsOf(plan).replace(/expireAfter: \d+s/, 'expireAfter: 10m');
  await writeFile(join(folder, 'policy.yaml'), rules);
  await writeFile(join(folder, 'guards.yaml'), guards);
  const path = folder;
  const loaded = await createPolicySource({ path, clock: systemClock, modeOverride: undefined }).current();
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
  await rm(folder, { recursive: true });
  const { targets, connections } = plan;
  for (const { targetId, endpointId, name, message, tags, requester, expectedEffects } of connections) {
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
            tenant: requester === 'mover' ? ('own' as const) : ('other' as const),
            location: undefined,
            tags: isForeign(requester) ? undefined : tags,
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
          expected: ['partner', 'returner'].includes(requester)
            ? { by: 'the partner', until: new Date(2_000_000) }
            : undefined,
          consumer: undefined,
        },
        new Date(1_000_000),
      );
      const expected = expectedEffectIn(expectedEffects, status);
      // A rule that concerns the status and does not match is a hold, too: it writes nothing, as `leave` does.
      // No rule ends an approval: its time does.
      const usual = expected === 'once' || expected === 'ours' ? 'approve' : expected;
      const wanted = usual === 'leave' || usual === 'end' ? ['leave', 'hold'] : [usual];
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
