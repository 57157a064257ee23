import { PosternError } from '../../../../src/base/errors';
import { connectionIdOf, parseTargetId } from '../../../../src/connections/resource-id';
import type { Operation } from '../../../../src/operations/operation';
import { createSweepAsker } from '../../../../src/review/sweep/request-reviews';
import { createOpenOperations } from '../../../../src/review/sweep/open-operations';
import { wakeOperations } from '../../../../src/review/sweep/wake-operations';
import { sampleConnectionState, sampleOperation, sampleTarget } from '../../../../dev/lib/samples';
import { createRig, targetIds, type Rig } from '../../../support/rigs/rig';

const target = parseTargetId(targetIds.vault);
const policy = { digest: sampleOperation().decided.policyDigest ?? '', mode: 'enforce' as const };

function withOperations(operations: Readonly<Record<string, Partial<Operation>>>): Rig {
  const rig = createRig();
  const rows = Object.entries(operations).map(([name, change]) =>
    sampleConnectionState({ connection: connectionIdOf(target, name), operation: sampleOperation(change) }),
  );
  rig.operations.seed(target, rows);
  return rig;
}
const dueAt = (seconds: number): string =>
  new Date(new Date('2026-01-05T12:00:00.000Z').getTime() + seconds * 1000).toISOString();
const found = (name: string) => ({
  targetId: target,
  status: 'Pending',
  connectionId: connectionIdOf(target, name).id,
});

describe('an open operation', () => {
  test('that is more than five minutes past its time is woken, any other is in hand', async () => {
    const rig = withOperations({
      late: { dueAt: dueAt(-301) },
      now: { dueAt: dueAt(-300) },
      soon: { dueAt: dueAt(60) },
    });
    const { woken, openOperations, problem } = await wakeOperations(rig, 'abc');
    expect([woken, problem]).toEqual([1, undefined]);
    expect(rig.alarm.pending).toMatchObject([{ delaySeconds: 0, message: { traceId: 'abc', poll: 3 } }]);
    expect(['late', 'now', 'soon'].map((name) => openOperations.has(found(name), policy))).toEqual([
      false,
      true,
      true,
    ]);
  });

  test('that was planned and never begun has its target reviewed, once for all of them', async () => {
    const planned = {
      state: 'planned',
      ticket: undefined,
      dueAt: undefined,
      plannedAt: dueAt(-900),
    } as const;
    const rig = withOperations({ one: planned, two: planned });
    expect((await wakeOperations(rig, 'abc')).woken).toBe(2);
    expect(rig.alarm.pending).toEqual([]);
    expect(rig.reviews.pending).toMatchObject([
      { delaySeconds: 0, message: { id: target.id, because: 'planned, but not begun', traceId: 'abc' } },
    ]);
  });
});

describe('an approval that has ended', () => {
  const approval = { endsAt: dueAt(-1), rules: ['guests'], proof: 'named' as const };

  function withApprovals(): Rig {
    const rig = createRig();
    const rows = ['one', 'two'].map((name) =>
      sampleConnectionState({ connection: connectionIdOf(target, name), operation: undefined, approval }),
    );
    rig.operations.seed(target, rows);
    return rig;
  }

  test('has its target reviewed, once for all of them', async () => {
    const rig = withApprovals();
    await wakeOperations(rig, 'abc');
    expect(rig.reviews.pending).toMatchObject([
      { message: { id: target.id, because: 'an approval has ended', traceId: 'abc' } },
    ]);
  });

  test.each(['overdue', 'endedApprovals'] as const)(
    '%s that cannot be read is told after all else',
    async (which) => {
      const rig = which === 'overdue' ? withApprovals() : withOperations({ late: { dueAt: dueAt(-900) } });
      const problem = new PosternError('STORE_UNREADABLE', 'row x');
      rig.operations[which] = async function* () {
        yield* [];
        throw problem;
      };
      const result = await wakeOperations(rig, 'abc');
      expect(result.problem).toBe(problem);
      expect(rig.reviews.pending.length + rig.alarm.pending.length).toBe(1);
    },
  );

  test('of two problems the first is told; storage that is away ends it all', async () => {
    const rig = createRig();
    const first = new PosternError('STORE_UNREADABLE', 'a');
    const second = new PosternError('STORE_UNREADABLE', 'b');
    rig.operations.overdue = async function* () {
      yield* [];
      throw first;
    };
    rig.operations.endedApprovals = async function* () {
      yield* [];
      throw second;
    };
    expect((await wakeOperations(rig, undefined)).problem).toBe(first);
    rig.operations.overdue = async function* () {
      yield* [];
    };
    rig.operations.endedApprovals = async function* () {
      yield* [];
      throw new PosternError('STORE_UNAVAILABLE', 'away');
    };
    await expect(wakeOperations(rig, undefined)).rejects.toThrow('away');
  });
});

describe('what a sweep asks for', () => {
  const finished = {
    ...{ source: 'graph' as const, connections: 1, targets: 1, asked: 1, inHand: 0, woken: 0, unread: 0 },
    startedAt: dueAt(-900),
    finishedAt: dueAt(-800),
  };
  const state = { last: finished, policy };

  test('is queued sixteen at a time, and the rest at the end', async () => {
    const rig = createRig();
    const asker = createSweepAsker(rig, {
      openOperations: createOpenOperations(),
      policy,
      state,
      traceId: 'abc',
    });
    const queued: number[] = [];
    for (let index = 0; index < 18; index += 1) {
      await asker.take({ targetId: sampleTarget(`vault-${index}`), status: 'Pending' });
      queued.push(rig.reviews.pending.length);
    }
    expect(queued.slice(13)).toEqual([0, 0, 16, 16, 16]);
    await asker.flush();
    await asker.flush();
    expect(rig.reviews.pending).toHaveLength(18);
    expect(rig.reviews.pending[0]).toMatchObject({
      delaySeconds: 0,
      message: { because: 'sweep', origin: 'sweep', traceId: 'abc' },
    });
    expect(asker.counts()).toEqual({ connections: 18, targets: 18, asked: 18, inHand: 0 });
  });

  test.each([
    ['first sweep', 'first sweep', 0, {}],
    ['sweep', 'sweep', 0, state],
    ['policy change', undefined, 15, { ...state, policy: { ...policy, digest: 'other' } }],
    ['policy change', undefined, 15, { ...state, policy: { ...policy, mode: 'audit' as const } }],
    ['policy change', undefined, 15, { last: finished }],
  ])('is because of a %s by %s, %d s later', async (because, origin, delaySeconds, before) => {
    const rig = createRig();
    const order = { openOperations: createOpenOperations(), policy, state: before, traceId: undefined };
    const asker = createSweepAsker(rig, order);
    await asker.take({ targetId: target });
    await asker.flush();
    expect(rig.reviews.pending).toMatchObject([{ delaySeconds, message: { because } }]);
    expect(rig.reviews.pending[0]?.message.origin).toBe(origin);
    expect(asker.counts()).toEqual({ connections: 0, targets: 1, asked: 1, inHand: 0 });
  });
});
