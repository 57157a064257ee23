import { noReads } from '../../../../src/policy/cel/costly-reads';
import { ArmError, PosternError } from '../../../../src/base/errors';
import { createRig, fakePolicy, type Rig } from '../../../support/rigs/rig';

const own = '996fe9d1-6171-40aa-945b-4c64b63bf655';
const other = '0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b';
const stranger = '33333333-3333-4333-8333-333333333333';
const consumer = '11111111-1111-1111-1111-111111111111';

/** A policy that reads tenants, and approves endpoints of its own tenant. */
function rigWith(leavesOpen: (name: string) => boolean = () => true): Rig {
  const policy = Object.assign(fakePolicy(), {
    reads: { ...noReads, tenant: true },
    leavesOpen: ({ connection }: { connection: { name: string } }) => ({
      ...noReads,
      tenant: leavesOpen(connection.name),
    }),
  });
  const { decide } = policy;
  policy.decide = function decideByTenant(facts, now) {
    const isOurs =
      facts.endpoint?.tenantId !== undefined && facts.endpoint.tenantId === facts.target.tenantId;
    this.effects.set(facts.connection.name, isOurs ? 'approve' : 'hold');
    return decide.call(this, facts, now);
  };
  const rig = createRig({ policy });
  rig.arm.appliesWrites = true;
  rig.arm.tenants.set(rig.target.subscriptionId.toLowerCase(), own).set(consumer, own).set(stranger, other);
  return rig;
}

const asked = (rig: Rig): number => rig.arm.calls.filter((call) => call === 'tenant').length;

test('our own endpoint is approved, a stranger’s is held, and the records say whose they are', async () => {
  const rig = rigWith();
  rig.arm.seed({ name: 'ours' });
  rig.arm.seed({ name: 'theirs', subscription: stranger });
  await rig.takeRequest(rig.request());
  expect(rig.arm.writes.map(({ connection }) => connection.id.name)).toEqual(['ours']);
  const decided = rig.ledger.ofKind('decided').map((record) => [record.effect, record.endpointTenantId]);
  expect(decided.toSorted()).toEqual([
    ['approve', own],
    ['hold', other],
  ]);
});

test('each subscription is asked about once, and the target’s with them', async () => {
  const rig = rigWith();
  for (let index = 0; index < 20; index += 1) {
    rig.arm.seed({ name: `ours-${index}` });
    rig.arm.seed({ name: `theirs-${index}`, subscription: stranger });
  }
  await rig.takeRequest(rig.request());
  expect(asked(rig)).toBe(3);
});

test('only for connections that some rule leaves open', async () => {
  const rig = rigWith((name) => name === 'open');
  rig.arm.seed({ name: 'closed', subscription: stranger });
  await rig.takeRequest(rig.request());
  expect(asked(rig)).toBe(0);
  rig.arm.seed({ name: 'open' });
  rig.clock.advance(5);
  await rig.takeRequest(rig.request());
  expect(asked(rig)).toBe(2);
});

test('what cannot be told now keeps only its own connections waiting, for as long as ARM asks', async () => {
  const rig = rigWith();
  rig.arm.tenants.set(stranger, new ArmError('ARM_THROTTLED', '429', { retryAfterSeconds: 77 }));
  rig.arm.seed({ name: 'ours' });
  rig.arm.seed({ name: 'theirs', subscription: stranger });
  await rig.takeRequest(rig.request());
  expect(rig.arm.writes).toHaveLength(1);
  expect(rig.ledger.ofKind('decided')).toHaveLength(1);
  expect(rig.reviews.pending).toMatchObject([{ delaySeconds: 77 }]);
  rig.arm.tenants.set(stranger, other);
  await rig.run(200);
  expect(rig.ledger.ofKind('decided')).toHaveLength(2);
});

test('while the target’s own tenant cannot be told, nobody is decided whose tenant matters', async () => {
  const rig = rigWith();
  rig.arm.tenants.set(rig.target.subscriptionId.toLowerCase(), new ArmError('ARM_UNAVAILABLE', '503'));
  rig.arm.seed({ name: 'ours' });
  await rig.takeRequest(rig.request());
  expect(rig.ledger.ofKind('decided')).toEqual([]);
  expect(rig.reviews.pending).toHaveLength(1);
});

test('while storage is away, the whole review waits', async () => {
  const rig = rigWith();
  rig.arm.tenants.set(consumer, new PosternError('STORE_UNAVAILABLE', 'away'));
  rig.arm.seed({ name: 'ours' });
  await rig.takeRequest(rig.request());
  expect(rig.ledger.records).toEqual([]);
  expect(rig.reviews.pending).toMatchObject([{ message: { because: 'storage is unavailable' } }]);
});

test.each<[string, string | undefined]>([
  ['belongs to another tenant by now', other],
  ['is told no longer', undefined],
])('an approval is not sent if the subscription %s', async (_, now) => {
  const rig = rigWith();
  rig.arm.seed({ name: 'ours' });
  const { tenantOf } = rig.arm;
  rig.arm.tenantOf = async (id, maxAgeSeconds) => {
    // Somebody looks again right before the write, and finds it changed.
    if (maxAgeSeconds !== undefined && id === consumer) {
      if (now === undefined) rig.arm.tenants.delete(consumer);
      else rig.arm.tenants.set(consumer, now);
    }
    return tenantOf.call(rig.arm, id, maxAgeSeconds);
  };
  await rig.takeRequest(rig.request());
  await rig.run(60);
  expect(rig.arm.writes).toEqual([]);
  expect(rig.ledger.records.map(({ kind, effect }) => [kind, effect])).toEqual([
    ['decided', 'approve'],
    ['superseded', 'approve'],
    ['decided', 'hold'],
  ]);
});
