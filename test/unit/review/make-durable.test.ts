import { noReads } from '../../../src/policy/cel/costly-reads';
import { ArmError } from '../../../src/base/errors';
import type { ConnectionState } from '../../../src/operations/operation';
import { markOf, type TargetState } from '../../../src/operations/operation-store';
import { makeDurable } from '../../../src/review/make-durable';
import type { Unmet } from '../../../src/review/queue/expectation';
import type { ReviewPlan } from '../../../src/review/plan-review';
import {
  sampleConnection,
  sampleConnectionState,
  sampleOperation,
  sampleRecord,
  sampleTarget,
} from '../../../dev/lib/samples';
import { createRig, fakePolicy, reviewPortsOf, type Rig } from '../../support/rigs/rig';

/**
 * A run of the whole local system found this: a process died between the row of an operation and its record in the ledger, and
 * the next review could not decide that connection. It stored the row as recorded, and the write left without its decision.
 */
test('a decision that the ledger does not have yet is recorded by a review that cannot decide its connection', async () => {
  const policy = {
    ...fakePolicy(),
    reads: { ...noReads, endpoint: true },
  };
  policy.effects.set('one', 'approve');
  const rig = createRig({ policy });
  const { endpoint } = rig.arm.seed({ name: 'one' });
  const recorded: boolean[] = [];
  const { write } = rig.arm;
  rig.arm.write = (planned, fence) => {
    recorded.push(rig.ledger.records.some(({ kind }) => kind === 'decided'));
    return write.call(rig.arm, planned, fence);
  };

  rig.ledger.unavailable = true;
  const request = rig.request();
  await expect(rig.takeRequest(request)).rejects.toThrow('the fake ledger is unavailable');
  rig.ledger.unavailable = false;
  const details = rig.arm.endpoints.get(endpoint!.key);
  rig.arm.endpoints.set(endpoint!.key, new ArmError('ARM_THROTTLED', 'Too many requests'));
  // The host delivers it again.
  await rig.takeRequest(request);
  await rig.run(60);
  if (details === undefined) rig.arm.endpoints.delete(endpoint!.key);
  else rig.arm.endpoints.set(endpoint!.key, details);
  await rig.run(3600);

  expect(recorded).toContain(true);
  expect(recorded).not.toContain(false);
  expect(rig.ledger.records.filter(({ kind }) => kind === 'decided')).toHaveLength(1);
});

describe('the only write of a review', () => {
  async function rigThatSaves(): Promise<{ rig: Rig; saved: (string | undefined)[] }> {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    const saved: (string | undefined)[] = [];
    const { save } = rig.operations;
    rig.operations.save = (...args) => {
      const operation = args[1][0]?.operation;
      saved.push(operation && `${operation.state}${operation.untold === undefined ? '' : ', untold'}`);
      return save.apply(rig.operations, args);
    };
    return { rig, saved };
  }

  test('begins with the row that makes it durable', async () => {
    const { rig, saved } = await rigThatSaves();
    await rig.takeRequest(rig.request());
    expect(saved).toEqual(['running, untold', 'running']);
    expect(rig.arm.writes).toHaveLength(1);
  });

  test('is put back, with what it has to tell, if the ledger does not take it', async () => {
    const { rig, saved } = await rigThatSaves();
    rig.ledger.unavailable = true;
    await expect(rig.takeRequest(rig.request())).rejects.toThrow('unavailable');
    expect(saved).toEqual(['running, untold', 'planned, untold']);
    rig.ledger.unavailable = false;
    await rig.takeRequest(rig.request());
    expect(rig.arm.writes).toHaveLength(1);
    expect(rig.operation('one')).toMatchObject({ attempt: 1, state: 'running' });
  });

  test('is put back if another policy has come in force meanwhile', async () => {
    const { rig, saved } = await rigThatSaves();
    const { append } = rig.ledger;
    rig.ledger.append = async (...args) => {
      rig.load.current = { kind: 'loaded', policy: { ...rig.policy, digest: 'e'.repeat(64) } };
      return append.apply(rig.ledger, args);
    };
    await rig.takeRequest(rig.request());
    expect(saved.slice(0, 2)).toEqual(['running, untold', 'planned']);
    expect(rig.arm.writes).toEqual([]);
  });

  test.each<[string, (rig: Rig) => void]>([
    ['a limit counts it', (rig) => void (rig.policy.limits = { rejects: { perHour: 3 } })],
    ['there is another one', (rig) => void rig.arm.seed({ name: 'two' })],
  ])('is planned first if %s', async (_, change) => {
    const { rig, saved } = await rigThatSaves();
    rig.policy.effects.set('one', 'reject').set('two', 'reject');
    change(rig);
    await rig.takeRequest(rig.request());
    expect(saved[0]).toBe('planned, untold');
    expect(rig.arm.writes).toHaveLength(1);
  });

  test('that nobody told the ledger of is told by the poll that finds it', async () => {
    const { rig } = await rigThatSaves();
    rig.ledger.unavailable = true;
    const { save } = rig.operations;
    rig.operations.save = (...args) =>
      args[1][0]?.operation?.state === 'planned'
        ? Promise.reject(new Error('away'))
        : save.apply(rig.operations, args);
    await expect(rig.takeRequest(rig.request())).rejects.toThrow('unavailable');
    rig.ledger.unavailable = false;
    rig.operations.save = save;
    expect(rig.operation('one')).toMatchObject({ state: 'running', untold: [{ kind: 'decided' }] });
    rig.clock.advance(31);
    await rig.poll({
      version: 1,
      connectionId: rig.arm.seeded('one').id.id,
      operationId: rig.operation('one')!.id,
      poll: 0,
      isRenewed: true,
    });
    expect(rig.ledger.records.map(({ kind }) => kind)).toEqual(['decided']);
    expect(rig.operation('one')?.untold).toBeUndefined();
  });
});

describe('a plan', () => {
  const target = sampleTarget();
  const startedAt = new Date('2026-01-05T12:00:00.000Z');
  const before: TargetState = {
    connectionStates: [],
    nextGeneration: 3,
    reviewedAt: '2026-01-05T11:00:00.000Z',
    againAt: '2026-01-05T11:59:00.000Z',
    troubles: 2,
  };
  const row = (name: string, change: Partial<ConnectionState> = {}): ConnectionState =>
    sampleConnectionState({ connection: sampleConnection(name), operation: undefined, ...change });
  const record = sampleRecord({ id: 'new' });
  const begun = row('one', { operation: sampleOperation({ state: 'planned', untold: [record] }) });
  const write = { connectionState: begun, operation: begun.operation! } as ReviewPlan['writes'][number];

  const nothing: Unmet = { expected: [], seconds: undefined, ended: 0 };

  async function kept(change: Partial<ReviewPlan>, state: TargetState = before, unmet = nothing) {
    const rig = createRig();
    const order: string[] = [];
    const { save } = rig.operations;
    const { append } = rig.ledger;
    rig.operations.save = async (...args) => {
      order.push(`rows ${args[1].map(({ connection }) => connection.name).join(' ')}`);
      return save.apply(rig.operations, args);
    };
    rig.ledger.append = async (records) => {
      order.push(`records ${records.map(({ id }) => id).join(' ')}`);
      return append.call(rig.ledger, records);
    };
    const ports = reviewPortsOf(rig);
    const plan = {
      records: [],
      rows: [],
      writes: [],
      spent: [],
      running: false,
      againSeconds: undefined,
      ...change,
    };
    const { rows, mark } = await makeDurable(ports, target, { plan, state, startedAt, unmet });
    return { order, rows: [...rows.values()], mark, stored: await rig.operations.load(target) };
  }
  const reviewed = { reviewedAt: startedAt.toISOString(), nextGeneration: 3 };

  test('without anything new leaves the time of its review', async () => {
    const { order, mark, stored } = await kept({});
    expect(order).toEqual(['rows ']);
    expect(mark).toEqual({ ...reviewed, againAt: before.againAt, expected: [], version: stored.version });
    expect(stored).toMatchObject({ ...reviewed, againAt: undefined });
    expect(stored.troubles).toBeUndefined();
  });

  test('with one new write is stored, recorded, and stored no more', async () => {
    const { order, rows, stored } = await kept({ records: [record], rows: [begun], writes: [write] });
    expect(order).toEqual(['rows one', 'records new']);
    expect(rows[0]?.operation?.untold).toBeUndefined();
    expect(stored).toMatchObject(reviewed);
    expect(stored.connectionStates[0]?.operation?.untold).toHaveLength(1);
  });

  test('of a process that was paused meanwhile changes nothing: the mark is another one by then', async () => {
    const rig = createRig();
    const ports = reviewPortsOf(rig);
    await rig.operations.save(target, [], { nextGeneration: 3 });
    const paused = await rig.operations.load(target);
    await rig.operations.save(target, [], { ...markOf(paused), nextGeneration: 7 });
    const plan = { records: [], rows: [], writes: [], spent: [], running: false, againSeconds: undefined };
    const late = makeDurable(ports, target, { plan, state: paused, startedAt, unmet: nothing });
    await expect(late).rejects.toMatchObject({ code: 'STORE_CONFLICT' });
    expect((await rig.operations.load(target)).nextGeneration).toBe(7);
  });

  test.each<[string, Partial<ReviewPlan>]>([
    ['another row', { records: [record], rows: [begun, row('two')], writes: [write] }],
    ['another record', { records: [record, sampleRecord({ id: 'other' })], rows: [begun], writes: [write] }],
    ['a running operation', { records: [record], rows: [begun], writes: [write], running: true }],
    ['no write', { records: [record], rows: [begun] }],
    ['another write', { records: [record], rows: [begun], writes: [write, write] }],
  ])('with one new write and %s is stored before and after it is recorded', async (_, change) => {
    const { order, stored } = await kept(change);
    expect(order[0]).toBe('rows one');
    expect(order[1]).toMatch(/^records new/);
    expect(order).toHaveLength(3);
    expect(stored.connectionStates.map(({ operation }) => operation?.untold)).not.toContain(
      expect.anything(),
    );
    expect(stored).toMatchObject(reviewed);
  });

  test('records what an earlier review left pending, once, and its own', async () => {
    const { order } = await kept({ records: [sampleRecord({ id: 'own' })], rows: [begun] });
    expect(order[1]).toBe('records new own');
    const same = await kept({ records: [sampleRecord({ id: 'own' }), record], rows: [begun] });
    expect(same.order[1]).toBe('records own new');
  });

  test('that is to be continued does not answer any hint', async () => {
    const { mark, stored } = await kept({ againSeconds: 30, rows: [row('one')] });
    expect(mark).toEqual({ ...reviewed, againAt: before.againAt, expected: [] });
    expect(stored.reviewedAt).toBeUndefined();
  });

  test('never uses the generation of a removed row again', async () => {
    const gone = [row('one', { forget: true, generation: 7 }), row('two', { forget: true, generation: 5 })];
    const { mark, stored } = await kept({ rows: [...gone, row('three', { generation: 20 })] });
    expect([mark.nextGeneration, stored.nextGeneration]).toEqual([8, 8]);
    const later = await kept({ rows: [row('one', { forget: true, generation: 1 })] });
    expect(later.mark.nextGeneration).toBe(3);
    const open = await kept({ rows: gone, againSeconds: 30 });
    expect(open.stored).toMatchObject({ nextGeneration: 8, reviewedAt: before.reviewedAt, troubles: 2 });
  });

  test('removes five hundred rows at most, and stores all others', async () => {
    const gone = Array.from({ length: 501 }, (_, index) =>
      row(`gone-${index}`, { forget: true, generation: index }),
    );
    const { order, mark } = await kept({ rows: [...gone, row('kept')] });
    expect(order[0]?.split(' ')).toHaveLength(1 + 501);
    expect(order[0]).toMatch(/ kept$/);
    expect(order[0]).not.toContain('gone-500');
    expect(mark.nextGeneration).toBe(500);
  });
});
