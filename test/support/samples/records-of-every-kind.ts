import type { AuditRecord } from '../../../src/audit/audit-record';
import { ArmError } from '../../../src/base/errors';
import type { Effect } from '../../../src/policy/decision';
import { readExpected } from '../../../src/policy/expected/read-expected';
import { abandonMessage } from '../../../src/review/failure/abandon-message';
import type { SubscriptionDetails } from '../../../src/connections/subscription-reader';
import { acceptList } from '../../../src/review/lists/accept-list';
import { createManagedLists } from '../../../src/review/lists/managed-lists';
import { liftLimit } from '../../../src/review/limits/lift-limit';
import { requestRetry } from '../../../src/review/queue/request-retry';
import { FakeListStore } from '../fakes/fake-list-store';
import { policyOf } from './policy';
import { ada, createConsoleRig, person } from '../console/console-rig';
import { createRig, type Rig } from '../rigs/rig';
import { createSweepRig } from '../rigs/sweep-rig';

const minute = 60;
const day = 24 * 60 * minute;

/** Returns what the use cases send to Application Insights, with at least one record of every kind. */
export async function recordsOfEveryKind(): Promise<readonly AuditRecord[]> {
  const rigs = [
    await answered(),
    await doubtful(),
    await waiting(),
    await failing(),
    await limited(),
    await policies(),
    await lists(),
    await announced(),
    await answeredByPeople(),
  ];
  return rigs.flatMap(({ telemetry, audit }) => {
    void audit.flush();
    return telemetry.sent;
  });
}

function rigWith(effects: Readonly<Record<string, Effect>>): Rig {
  const rig = createRig();
  for (const [name, effect] of Object.entries(effects)) {
    rig.arm.seed({ name, message: 'For the payments team' });
    rig.policy.effects.set(name, effect);
  }
  return rig;
}

function review(rig: Rig, change: Parameters<Rig['request']>[0] = {}): Promise<void> {
  return rig.takeRequest(rig.request({ traceId: '0af7651916cd43dd8448eb211c80319c', ...change }));
}

/** Produces answered, withdrawn and lapsed. */
async function answeredByPeople(): Promise<Pick<Rig, 'telemetry' | 'audit'>> {
  const rig = createConsoleRig();
  rig.arm.seed({ name: 'pe-held', message: 'For the payments team' });
  await rig.review();
  await rig.answer(await rig.look('pe-held'));
  await rig.withdraw(await rig.look('pe-held'));
  await rig.run(minute);
  await rig.answer(await rig.look('pe-held'), person(ada), {
    until: new Date(rig.clock.now().getTime() + day * 1000).toISOString(),
  });
  rig.arm.seed({ name: 'pe-held', message: 'For somebody else' });
  await rig.run(minute);
  return rig;
}

/** Produces found, decided, requested, polled and applied. */
async function answered(): Promise<Rig> {
  const rig = rigWith({ 'pe-orders': 'approve' });
  rig.policy.expireAfterSeconds = 30 * day;
  await review(rig, { origin: 'sweep' });
  await rig.run(minute / 2);
  rig.arm.change('pe-orders', { status: 'Approved' });
  await rig.run(minute);
  return rig;
}

/** Produces unproven: the wanted status shows in a state that nobody knows. */
async function doubtful(): Promise<Rig> {
  const rig = rigWith({ 'pe-odd': 'approve' });
  await review(rig);
  rig.arm.change('pe-odd', { status: 'Approved', provisioningState: 'Invented', progress: 'unknown' });
  await rig.run(30 * minute);
  return rig;
}

/** Produces lapsed: a request that was announced and did not come. */
async function announced(): Promise<Rig> {
  const rig = createRig();
  const until = rig.clock.now().toISOString();
  const endpointId =
    '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/consumers/providers/Microsoft.Network/privateEndpoints/pe-late';
  const expected = [{ endpointId, target: rig.target.id, until, by: 'pipeline 42' }];
  const text = JSON.stringify({ version: 1, expected });
  rig.policy.expected = readExpected([{ path: 'late.expected.yaml', text }]);
  await createSweepRig(rig).sweep('trace');
  return rig;
}

/** Produces decided, waited, superseded and ignored. */
async function waiting(): Promise<Rig> {
  const rig = rigWith({ 'pe-unknown': 'hold' });
  rig.arm.malformed.push({ id: '/not/a/connection', problem: 'its id is not below the target' });
  await review(rig);
  rig.clock.advance(day);
  await review(rig);
  rig.arm.change('pe-unknown', { status: 'Approved' });
  rig.clock.advance(minute);
  await review(rig);
  return rig;
}

/** Produces failed, expired, abandoned and returned. */
async function failing(): Promise<Rig> {
  const rig = rigWith({ 'pe-billing': 'approve' });
  const action = 'Microsoft.KeyVault/vaults/privateEndpointConnections/write';
  rig.arm.writeReplies.push(
    new ArmError('ARM_FORBIDDEN', `missing ${action}`, { httpStatus: 403, action }),
    new ArmError('ARM_UNREACHABLE', 'socket hang up'),
  );
  await review(rig);
  await rig.run(30 * minute);
  await abandonMessage(rig, { version: 1, kind: 'target', id: rig.target.id }, 'its row is malformed');
  await requestRetry(rig, rig.target, 'alice');
  return rig;
}

/** Produces limited and lifted. */
async function limited(): Promise<Rig> {
  const rig = rigWith({ 'pe-one': 'reject', 'pe-two': 'reject' });
  rig.policy.limits = { rejects: { perReview: 1 } };
  await review(rig);
  rig.clock.advance(minute);
  await liftLimit(rig, 'rejects', 'alice');
  return rig;
}

/** Produces changed, stale, withheld and accepted, and a decision that names a list. */
async function lists(): Promise<Rig> {
  const rig = createRig();
  const store = new FakeListStore();
  const own = '996fe9d1-6171-40aa-945b-4c64b63bf655';
  const list = { name: 'zones', source: { group: 'corp', tags: {} }, maxAgeSeconds: day };
  const policy = { ...rig.policy, managedLists: [list] };
  let groups = [{ name: 'corp', tenantId: own }];
  let count = 10;
  const subscription = (_: unknown, index: number): SubscriptionDetails => ({
    subscriptionId: `0f0f0f0f-0f0f-4f0f-8f0f-00000000000${index}`,
    name: 'Landing zone',
    tenantId: own,
    tags: {},
    managementGroups: ['corp', own],
  });
  const read = async () => ({
    readAt: rig.clock.now().toISOString(),
    all: Array.from({ length: count }, subscription),
    problem: undefined,
  });
  const managed = createManagedLists({
    ...rig,
    store,
    groups: { find: async () => groups },
    subscriptions: { read },
  });
  const refresh = async (): Promise<void> => {
    await managed.refresh(policy, '0af7651916cd43dd8448eb211c80319c');
    rig.clock.advance(15 * minute);
  };
  await refresh();
  count = 1;
  await refresh();
  await acceptList({ ...rig, listStore: store }, 'zones', 'alice');
  groups = [];
  await refresh();
  const listed = policyOf(
    JSON.stringify({
      version: 1,
      mode: 'enforce',
      lists: { zones: { subscriptionsUnder: 'corp' } },
      rules: [{ name: 'no-zone', effect: 'hold', when: '!(endpoint.subscriptionId in lists.zones)' }],
    }),
  );
  rig.load.current = { kind: 'loaded', policy: listed };
  rig.managed.usable = await managed.current(listed);
  rig.arm.tenants.set(rig.target.subscriptionId.toLowerCase(), own);
  rig.arm.seed({ name: 'pe-unknown' });
  await review(rig);
  return rig;
}

/** Produces swept, suspended and refused. */
async function policies(): Promise<Rig> {
  const rig = rigWith({});
  const sweepRig = createSweepRig(rig);
  await sweepRig.sweep(undefined);
  const problems = [
    { path: 'default.yaml', line: 3, column: 9, message: 'unknown effect: aprove', hint: undefined },
  ] as never;
  rig.load.current = {
    kind: 'loaded',
    policy: rig.policy,
    refusedUpdate: { digest: 'b'.repeat(64), problems },
  };
  await review(rig);
  rig.load.current = { kind: 'refused', digest: 'c'.repeat(64), problems };
  await review(rig);
  return rig;
}
