import { connectionIdOf, parseTargetId } from '../../../../src/connections/resource-id';
import { PosternError } from '../../../../src/base/errors';
import { sampleOperation, sampleConnectionState } from '../../../../dev/lib/samples';
import { createSweepRig } from '../../../support/rigs/sweep-rig';
import { createRig, fakePolicy, targetIds } from '../../../support/rigs/rig';

const vault = parseTargetId(targetIds.vault);
const hsm = parseTargetId(targetIds.managedHsm);
const pending = (targetId = vault, name = 'one') => ({
  targetId,
  status: 'Pending',
  connectionId: connectionIdOf(targetId, name).id,
});

describe('what Resource Graph tells', () => {
  test('each target is asked for once, however many connections were found on it', async () => {
    const { graph, lists, sweep, asked } = createSweepRig();
    graph.found = [pending(vault, 'a'), pending(vault, 'b'), pending(hsm)];
    await expect(sweep(undefined)).resolves.toMatchObject({
      connections: 3,
      targets: 2,
      asked: 2,
      inHand: 0,
    });
    expect(asked().map(({ id, because }) => [id, because])).toEqual([
      [vault.id, 'sweep'],
      [hsm.id, 'sweep'],
    ]);
    expect(graph.asked).toMatchObject([{ statuses: ['Pending'], subscriptions: [] }]);
    expect(lists.asked).toEqual([]);
  });

  test('a thousand targets are asked for, each once and in order', async () => {
    const { graph, sweep, asked } = createSweepRig();
    const targets = Array.from({ length: 1000 }, (_, index) =>
      parseTargetId(targetIds.vault.replace('kv-shared', `kv-${index}`)),
    );
    graph.found = targets.map((target) => pending(target));
    await sweep(undefined);
    expect(asked().map(({ id }) => id)).toEqual(targets.map(({ id }) => id));
  });

  test('every status that a rule concerns is searched for', async () => {
    const { graph, sweep } = createSweepRig(createRig({ policy: fakePolicy(['Pending', 'Disconnected']) }));
    await sweep(undefined);
    expect(graph.asked).toMatchObject([{ statuses: ['Pending', 'Disconnected'] }]);
  });

  test('what the sweep sees first is recorded as found', async () => {
    const rig = createSweepRig();
    rig.arm.seed({ name: 'lost' });
    rig.graph.found = [pending()];
    await rig.sweep(undefined);
    await rig.run(1);
    expect(rig.ledger.records.map(({ kind }) => kind)).toEqual(['swept', 'found', 'decided']);
  });

  test('it is recorded even if its review had to be put back, because somebody else held the target', async () => {
    const rig = createSweepRig();
    rig.arm.seed({ name: 'lost' });
    rig.graph.found = [pending()];
    const held = await rig.lease.acquire(vault);
    await rig.sweep(undefined);
    await rig.run(1);
    await held?.release();
    await rig.run(60);
    expect(rig.ledger.ofKind('found')).toHaveLength(1);
  });
});

describe('on the first sweep', () => {
  const first = () => {
    const rig = createSweepRig();
    rig.journal.state = {};
    rig.arm.seed({ name: 'lost' });
    rig.lists.found = [pending()];
    return rig;
  };

  test('what was there before Postern is not called late', async () => {
    const rig = first();
    await rig.sweep(undefined);
    await rig.run(1);
    expect(rig.ledger.records.map(({ kind }) => kind)).toEqual(['swept', 'decided']);
  });

  test('what came to a target that was reviewed before is late all the same', async () => {
    const rig = first();
    rig.operations.seed(vault, [], '2026-01-01T00:00:00.000Z');
    await rig.sweep(undefined);
    await rig.run(1);
    expect(rig.ledger.ofKind('found')).toHaveLength(1);
  });
});

describe('what is in hand', () => {
  const seed = (rig: ReturnType<typeof createSweepRig>, changes: object = {}) => {
    const { digest: policyDigest, mode } = rig.policy;
    const operation = sampleOperation({ dueAt: rig.clock.now().toISOString(), ...changes });
    const decided = { ...operation.decided, policyDigest, mode };
    const row = sampleConnectionState({
      connection: connectionIdOf(vault, 'one'),
      operation: { ...operation, decided },
    });
    rig.operations.seed(vault, [row]);
    rig.graph.found = [pending()];
  };

  test('a connection whose operation is under way is passed over', async () => {
    const rig = createSweepRig();
    seed(rig);
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ asked: 0, inHand: 1, woken: 0 });
    expect(rig.asked()).toEqual([]);
  });

  test('another connection of the same target has its review all the same', async () => {
    const rig = createSweepRig();
    seed(rig);
    rig.graph.found = [pending(vault, 'one'), pending(vault, 'two')];
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ asked: 1, inHand: 1 });
  });

  test.each([
    ['the operation has ended', { state: 'applied' }],
    ['its time is long past', { dueAt: '2026-01-05T10:00:00.000Z' }],
  ])('nothing is passed over when %s', async (_title, changes) => {
    const rig = createSweepRig();
    seed(rig, changes);
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ asked: 1, inHand: 0 });
  });

  test.each([
    ['an older policy', { digest: 'e'.repeat(64) }],
    ['the other mode', { mode: 'audit' as const }],
  ])('nothing is passed over when it was planned by %s', async (_title, changes) => {
    const rig = createSweepRig();
    seed(rig);
    Object.assign(rig.policy, changes);
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ asked: 1, inHand: 0 });
  });

  test('a connection id that belongs to another target hides nothing', async () => {
    const rig = createSweepRig();
    seed(rig);
    rig.graph.found = [{ ...pending(), targetId: hsm }];
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ asked: 1 });
  });
});

describe('operations that nobody wakes', () => {
  test('an operation whose alarm got lost is woken and comes to its end', async () => {
    const rig = createSweepRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    await rig.takeRequest(rig.request());
    rig.clock.advance(5);
    rig.alarm.takeDue();
    rig.clock.advance(60 * 60);
    rig.alarm.takeDue();
    rig.arm.change('one', { status: 'Approved' });
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ woken: 1 });
    await rig.run(1);
    expect(rig.operation('one')?.state).toBe('applied');
  });

  test('an operation that was planned and never begun gets its review', async () => {
    const rig = createSweepRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    rig.arm.beforeWrite = () => {
      throw new Error('the process dies here');
    };
    await expect(rig.takeRequest(rig.request())).rejects.toThrow('dies here');
    rig.arm.beforeWrite = () => undefined;
    rig.clock.advance(60 * 60);
    await rig.sweep(undefined);
    await rig.run(1);
    expect(rig.arm.writes).toHaveLength(1);
    expect(rig.ledger.ofKind('decided')).toHaveLength(1);
  });

  test('a row that nobody can read hides neither the other operations nor the connections', async () => {
    const rig = createSweepRig();
    const { connection, operation } = sampleConnectionState();
    const problem = new PosternError('STORE_UNREADABLE', 'row x');
    rig.operations.overdue = async function* () {
      if (operation !== undefined) yield { connection, operation };
      throw problem;
    };
    rig.clock.advance(60 * 60);
    rig.graph.found = [pending()];
    await expect(rig.sweep(undefined)).rejects.toBe(problem);
    expect([rig.asked().length, rig.alarm.pending.length]).toEqual([1, 1]);
    expect(rig.ledger.ofKind('swept')).toMatchObject([{ reason: expect.stringContaining('woken=1') }]);
  });

  test('while the policy does not load, no review is asked for, operations are woken, and the ledger says so', async () => {
    const rig = createSweepRig();
    rig.load.current = { kind: 'refused', digest: 'x', problems: [] };
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ searched: false });
    expect(rig.graph.asked).toEqual([]);
    expect(rig.ledger.records.map(({ kind }) => kind)).toEqual(['suspended']);
  });
});

describe('what a sweep leaves', () => {
  test('a record with its counts, which goes to Application Insights, too', async () => {
    const rig = createSweepRig();
    rig.graph.found = [pending(vault, 'a'), pending(hsm)];
    rig.clock.advance(7);
    await rig.sweep('0af7651916cd43dd8448eb211c80319c');
    const swept = {
      id: 'sweep|2026-01-05T12:00:07.000Z',
      kind: 'swept',
      target: '',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      policyDigest: rig.policy.digest,
      reason: 'source=graph connections=2 targets=2 asked=2 inHand=0 woken=0 unread=0',
    };
    expect(rig.ledger.records).toMatchObject([swept]);
    expect(rig.telemetry.emitted).toMatchObject([swept]);
    expect(rig.journal.state).toMatchObject({
      last: { startedAt: '2026-01-05T12:00:07.000Z', connections: 2 },
    });
  });

  test('a journal that cannot be read makes the sweep do more, not less', async () => {
    const rig = createSweepRig();
    rig.journal.malformed = true;
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ source: 'lists' });
    await expect(rig.journal.read()).resolves.toMatchObject({ last: { source: 'lists' } });
  });

  test('if a review cannot be asked for, the sweep has not been', async () => {
    const rig = createSweepRig();
    rig.graph.found = [pending()];
    rig.reviews.put = () => Promise.reject(new Error('storage is away'));
    await expect(rig.sweep(undefined)).rejects.toThrow('storage is away');
    expect([rig.journal.writes, rig.ledger.records]).toEqual([0, []]);
  });
});

test('a target with an approval that has ended is asked for once, and its connection is removed', async () => {
  const rig = createSweepRig();
  const approval = { endsAt: rig.clock.now().toISOString(), rules: ['contractors'] };
  rig.operations.seed(
    vault,
    ['one', 'two'].map((name) => {
      const { endpoint } = rig.arm.seed({ name, status: 'Approved' });
      return sampleConnectionState({
        connection: connectionIdOf(vault, name),
        endpointKey: endpoint?.key ?? '',
        status: 'Approved',
        operation: undefined,
        approval,
      });
    }),
  );
  await rig.sweep(undefined);
  expect(rig.asked().map(({ because }) => because)).toEqual(['an approval has ended']);
  await rig.run(1);
  expect(rig.arm.writes.map(({ effect }) => effect)).toEqual(['delete']);
});

test('the first sweep of a day forgets what ARM told about tenants more than two days ago', async () => {
  const { clock, sweep, tenantMemory } = createSweepRig();
  const old = { tenantId: '996fe9d1-6171-40aa-945b-4c64b63bf655', readAt: clock.now().toISOString() };
  clock.advance(2 * 24 * 60 * 60 + 1);
  tenantMemory.readings.set('old', old).set('new', { ...old, readAt: clock.now().toISOString() });
  await sweep(undefined);
  expect([...tenantMemory.readings.keys()]).toEqual(['new']);
  tenantMemory.readings.set('old', old);
  await sweep(undefined);
  expect(tenantMemory.readings.has('old')).toBe(true);
});
