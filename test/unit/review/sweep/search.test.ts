import { parseTargetId } from '../../../../src/connections/resource-id';
import { ArmError, PosternError } from '../../../../src/base/errors';
import { targetIds } from '../../../support/rigs/rig';
import { createSweep } from '../../../../src/review/sweep/sweep';
import { createSweepRig } from '../../../support/rigs/sweep-rig';

const vault = parseTargetId(targetIds.vault);
const hsm = parseTargetId(targetIds.managedHsm);
const pending = () => ({ targetId: vault, status: 'Pending' });

describe('when Resource Graph is not enough', () => {
  const day = 24 * 60 * 60;
  const refusal = new ArmError('ARM_FORBIDDEN', 'The identity may not');
  const trouble = new ArmError('ARM_UNAVAILABLE', 'HTTP 503');

  test('the first sweep reads the lists, and what was there before Postern counts as nobody’s loss', async () => {
    const rig = createSweepRig();
    rig.journal.state = {};
    rig.arm.seed({ name: 'old' });
    rig.lists.found = [{ targetId: vault }];
    await expect(rig.sweep(undefined)).resolves.toMatchObject({
      source: 'lists',
      connections: 0,
      targets: 1,
      asked: 1,
    });
    await rig.run(1);
    expect(rig.graph.asked).toEqual([]);
    expect(rig.ledger.records.map(({ kind }) => kind)).toEqual(['swept', 'decided']);
    await rig.sweep(undefined);
    expect(rig.graph.asked).toHaveLength(1);
  });

  test('once a day the lists are read, whatever Resource Graph says', async () => {
    const rig = createSweepRig();
    const sources: string[] = [];
    for (let quarters = 0; quarters <= 2 * 96; quarters += 1) {
      sources.push((await rig.sweep(undefined)).source);
      rig.clock.advance(15 * 60);
    }
    expect(sources.flatMap((source, index) => (source === 'lists' ? index : []))).toEqual([96, 192]);
  });

  test('a clock that was set back does not put the lists off', async () => {
    const rig = createSweepRig();
    rig.journal.state = { ...rig.journal.state, listedAt: '2030-01-01T00:00:00.000Z' };
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ source: 'lists' });
  });

  test('a refusal is told once a day, and the lists take its place', async () => {
    const rig = createSweepRig();
    rig.graph.failure = refusal;
    rig.lists.found = [{ targetId: vault }, { targetId: hsm }];
    for (let sweeps = 0; sweeps < 2; sweeps += 1) {
      await expect(rig.sweep(undefined)).resolves.toMatchObject({ source: 'lists', asked: 2 });
      rig.clock.advance(60);
    }
    expect(rig.ledger.ofKind('failed')).toMatchObject([
      { target: '', reason: expect.stringContaining('ARM_FORBIDDEN') },
    ]);
    expect(rig.ledger.ofKind('swept')).toHaveLength(2);
  });

  test('a passing trouble ends the sweep; the second in a row brings the lists', async () => {
    const rig = createSweepRig();
    rig.graph.failure = trouble;
    rig.lists.found = [{ targetId: vault }];
    await expect(rig.sweep(undefined)).rejects.toBe(trouble);
    expect([rig.asked(), rig.ledger.records]).toEqual([[], []]);
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ source: 'lists', asked: 1 });
    rig.graph.failure = undefined;
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ source: 'graph' });
    rig.graph.failure = trouble;
    await expect(rig.sweep(undefined)).rejects.toBe(trouble);
  });

  test('what was told before the trouble has its review', async () => {
    const rig = createSweepRig();
    rig.graph.found = [pending()];
    rig.graph.failure = trouble;
    await expect(rig.sweep(undefined)).rejects.toBe(trouble);
    expect(rig.asked()).toHaveLength(1);
  });

  test('sudden silence is not believed', async () => {
    const rig = createSweepRig();
    rig.graph.found = [pending()];
    await rig.sweep(undefined);
    rig.graph.found = [];
    rig.lists.found = [{ targetId: vault }];
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ source: 'lists', asked: 1 });
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ source: 'graph' });
  });

  test('a subscription that is refused hides none of the others and is named once a day', async () => {
    const rig = createSweepRig();
    rig.clock.advance(day);
    rig.lists.found = [{ targetId: vault }];
    rig.lists.unread = [{ subscriptionId: '33333333-3333-3333-3333-333333333333', error: refusal }];
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ asked: 1, unread: 1 });
    expect(rig.ledger.ofKind('failed')).toMatchObject([
      { target: '/subscriptions/33333333-3333-3333-3333-333333333333' },
    ]);
    expect(rig.ledger.ofKind('swept')).toHaveLength(1);
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ source: 'graph' });
  });

  test('a subscription in passing trouble leaves the sweep unfinished, so that the next one reads the lists again', async () => {
    const rig = createSweepRig();
    rig.clock.advance(day);
    rig.lists.found = [{ targetId: vault }];
    rig.lists.unread = [{ subscriptionId: '33333333-3333-3333-3333-333333333333', error: trouble }];
    await expect(rig.sweep(undefined)).rejects.toBe(trouble);
    expect(rig.asked()).toHaveLength(1);
    expect(rig.ledger.records).toEqual([]);
    rig.lists.unread = [];
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ source: 'lists' });
  });

  test('of a great many refused subscriptions a hundred are named, and all are counted', async () => {
    const rig = createSweepRig();
    rig.clock.advance(day);
    rig.lists.unread = Array.from({ length: 250 }, (_, index) => ({
      subscriptionId: `33333333-3333-3333-3333-${String(index).padStart(12, '0')}`,
      error: refusal,
    }));
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ unread: 250 });
    expect(rig.ledger.ofKind('failed')).toHaveLength(100);
  });
});

describe('types whose connections Resource Graph does not show', () => {
  const day = 24 * 60 * 60;
  const store = parseTargetId(
    vault.id.replace(/Microsoft.KeyVault.*/, 'Microsoft.Storage/storageAccounts/data1'),
  );
  const factory = parseTargetId(
    vault.id.replace(/Microsoft.KeyVault.*/, 'Microsoft.DataFactory/factories/adf1'),
  );

  test('are listed in each sweep where that is known beforehand', async () => {
    const rig = createSweepRig();
    const sweep = createSweep({
      ...rig,
      policy: { current: async () => rig.load.current },
      subscriptions: [],
      types: [vault.type, factory.type],
    });
    rig.lists.found = [{ targetId: factory }];
    await expect(sweep(undefined)).resolves.toMatchObject({ source: 'graph', asked: 1 });
    expect(rig.graph.asked).toMatchObject([{ types: [vault.type] }]);
    expect(rig.lists.asked).toMatchObject([{ types: [factory.type] }]);
  });

  test('are found out once a day, listed from then on, and no longer when they show', async () => {
    const rig = createSweepRig();
    const types = [vault.type, store.type];
    const sweep = createSweep({
      ...rig,
      policy: { current: async () => rig.load.current },
      subscriptions: [],
      types,
    });
    rig.arm.seed({ name: 'one' });
    rig.graph.found = [{ targetId: vault, status: 'Pending' }];
    rig.lists.found = [{ targetId: vault }, { targetId: store }];
    rig.clock.advance(day);
    await expect(sweep(undefined)).resolves.toMatchObject({ source: 'lists' });
    expect(rig.journal.state.hiddenTypes).toEqual([store.type]);

    rig.clock.advance(15 * 60);
    await expect(sweep(undefined)).resolves.toMatchObject({ source: 'graph' });
    expect(rig.lists.asked.at(-1)).toMatchObject({ types: [store.type] });

    rig.graph.found = [
      { targetId: vault, status: 'Pending' },
      { targetId: store, status: 'Pending' },
    ];
    rig.clock.advance(day);
    await sweep(undefined);
    expect(rig.journal.state.hiddenTypes).toEqual([]);
  });
});

describe('what a sweep says in the log', () => {
  const lists = "The sweep reads the providers' lists: ";
  async function linesOf(arrange: (rig: ReturnType<typeof createSweepRig>) => void, sweeps = 1) {
    const rig = createSweepRig();
    arrange(rig);
    for (let sweep = 0; sweep < sweeps; sweep += 1) await rig.sweep(undefined).catch(() => undefined);
    return rig.lines;
  }

  test.each<[string, Parameters<typeof linesOf>[0], number]>([
    ['they were never read completely', (rig) => (rig.journal.state = {}), 1],
    ['they are read once a day', (rig) => rig.clock.advance(24 * 60 * 60), 1],
    [
      'Resource Graph returned no connections, but 7 before',
      (rig) => {
        const { last } = rig.journal.state;
        rig.journal.state = { ...rig.journal.state, last: { ...last!, connections: 7 } };
      },
      1,
    ],
    [
      'Resource Graph refused. ARM_FORBIDDEN: no',
      (rig) => (rig.graph.failure = new ArmError('ARM_FORBIDDEN', 'no')),
      1,
    ],
    [
      'Resource Graph failed again. ARM_UNAVAILABLE: HTTP 503',
      (rig) => (rig.graph.failure = new ArmError('ARM_UNAVAILABLE', 'HTTP 503')),
      2,
    ],
  ])('names the reason for the lists: %s', async (why, arrange, sweeps) => {
    expect((await linesOf(arrange, sweeps)).filter((line) => line.startsWith(lists))).toEqual([lists + why]);
  });

  test('names each subscription that could not be read, and says how the sweep ended', async () => {
    const counts = 'connections=0 targets=1 asked=1 inHand=0 woken=0';
    const finished = await linesOf((rig) => {
      rig.journal.state = {};
      rig.lists.found = [{ targetId: vault }];
      rig.lists.unread = [{ subscriptionId: 's1', error: new ArmError('ARM_FORBIDDEN', 'no') }];
    });
    expect(finished.slice(1)).toEqual([
      'Subscription s1 could not be swept. ARM_FORBIDDEN: no',
      `Sweep finished: source=lists ${counts} unread=1`,
    ]);
    const unfinished = await linesOf((rig) => {
      rig.graph.found = [{ targetId: vault }];
      rig.graph.failure = new ArmError('ARM_UNAVAILABLE', 'HTTP 503');
    });
    expect(unfinished).toEqual([`Sweep not finished: source=graph ${counts} unread=0`]);
  });

  test('says that a journal cannot be read', async () => {
    const lines = await linesOf((rig) => (rig.journal.malformed = true));
    expect(lines[0]).toMatch(/^The journal of the last sweep cannot be read and is written anew\. /);
  });
});

describe('records of what could not be swept', () => {
  const day = '2026-01-05';

  test('have an id for each subscription, error and day', async () => {
    const rig = createSweepRig();
    rig.journal.state = {};
    const refused = (subscriptionId: string) => ({
      subscriptionId,
      error: new ArmError('ARM_FORBIDDEN', 'no'),
    });
    rig.lists.unread = [refused('s1'), refused('s2')];
    await rig.sweep('abc');
    const records = rig.ledger.ofKind('failed');
    expect(records).toMatchObject([
      {
        target: '/subscriptions/s1',
        reason: 'The subscription could not be swept. ARM_FORBIDDEN: no',
        traceId: 'abc',
        mode: 'enforce',
      },
      { target: '/subscriptions/s2' },
    ]);
    expect(new Set(records.map(({ id }) => id)).size).toBe(2);
    for (const { id } of records) expect(id).toMatch(new RegExp(`^[0-9a-f]{32}\\|failed\\|${day}$`));
  });

  test('of Resource Graph have an id for each error and day', async () => {
    const rig = createSweepRig();
    rig.graph.failure = new ArmError('ARM_FORBIDDEN', 'no');
    await rig.sweep(undefined);
    expect(rig.ledger.ofKind('failed')).toMatchObject([
      {
        id: `graph|ARM_FORBIDDEN|failed|${day}`,
        target: '',
        reason:
          "Resource Graph refused the sweep, which reads the providers' lists instead. ARM_FORBIDDEN: no",
      },
    ]);
  });
});

describe('what one sweep leaves for the next', () => {
  test('is the trouble of Resource Graph until it answers', async () => {
    const rig = createSweepRig();
    rig.graph.failure = new ArmError('ARM_UNAVAILABLE', 'HTTP 503');
    await expect(rig.sweep(undefined)).rejects.toThrow('HTTP 503');
    const troubleAt = rig.journal.state.graphTroubleAt;
    expect(troubleAt).toBe(rig.clock.now().toISOString());
    rig.clock.advance(60);
    await rig.sweep(undefined);
    expect(rig.journal.state).toMatchObject({
      graphTroubleAt: troubleAt,
      listedAt: rig.clock.now().toISOString(),
    });
    rig.graph.failure = undefined;
    await rig.sweep(undefined);
    expect(rig.journal.state.graphTroubleAt).toBeUndefined();
  });

  test('while the policy does not load is a row that cannot be read', async () => {
    const rig = createSweepRig();
    rig.load.current = { kind: 'refused', digest: 'x', problems: [] };
    await expect(rig.sweep(undefined)).resolves.toEqual({
      ...{ connections: 0, targets: 0, asked: 0, inHand: 0, source: 'graph', woken: 0, unread: 0 },
      searched: false,
    });
    const problem = new PosternError('STORE_UNREADABLE', 'row x');
    rig.operations.overdue = async function* () {
      yield* [];
      throw problem;
    };
    await expect(rig.sweep(undefined)).rejects.toBe(problem);
  });

  test('is the policy that it went by, also if there was nothing to ask for', async () => {
    const rig = createSweepRig();
    rig.policy.digest = 'e'.repeat(64);
    await rig.sweep(undefined);
    expect(rig.journal.state.policy).toEqual({ digest: 'e'.repeat(64), mode: 'enforce' });
  });

  test('is found by Resource Graph for as long as that finds anything', async () => {
    const rig = createSweepRig();
    const { last } = rig.journal.state;
    rig.journal.state = { ...rig.journal.state, last: { ...last!, connections: 7 } };
    rig.graph.found = [pending()];
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ source: 'graph' });
  });

  test('is a report of what was done', async () => {
    const rig = createSweepRig();
    rig.graph.found = [pending()];
    await expect(rig.sweep(undefined)).resolves.toEqual({
      ...{ connections: 1, targets: 1, asked: 1, inHand: 0, source: 'graph', woken: 0, unread: 0 },
      searched: true,
    });
  });
});
