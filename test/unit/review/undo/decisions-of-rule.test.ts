import fc from 'fast-check';
import type { AuditRecord } from '../../../../src/audit/audit-record';
import { PosternError } from '../../../../src/base/errors';
import { connectionIdOf } from '../../../../src/connections/resource-id';
import { decisionsOfRule } from '../../../../src/review/undo/decisions-of-rule';
import { undoDecision, type Undo } from '../../../../src/review/undo/undo-decision';
import { FakeOperationStore } from '../../../support/fakes';
import { createRig } from '../../../support/rigs/rig';
import {
  sampleConnectionState,
  sampleOperation,
  sampleRecord,
  sampleTarget,
} from '../../../../dev/lib/samples';

const since = new Date('2026-01-05T00:00:00.000Z');
const endedAt = '2026-01-05T12:01:00.000Z';

function recordOf(name: string, changes: Partial<AuditRecord> = {}): AuditRecord {
  return sampleRecord({
    id: `${name}|decided`,
    connection: connectionIdOf(sampleTarget(), name).id,
    rules: ['wrong'],
    ...changes,
  });
}

async function found(records: readonly AuditRecord[], operations = new FakeOperationStore()) {
  async function* decidedSince() {
    yield* records;
  }
  return decisionsOfRule({ ledger: { decidedSince }, operations }, { rule: 'wrong', since });
}

const namesOf = (list: Awaited<ReturnType<typeof found>>): readonly string[] =>
  list.decisions.map(({ connection }) => connection.name);

describe('the decisions of a rule', () => {
  test('are its approvals and rejections alone, that were carried out', async () => {
    const list = await found([
      recordOf('a'),
      recordOf('b', { effect: 'reject' }),
      recordOf('c', { effect: 'delete' }),
      recordOf('d', { effect: 'hold' }),
      recordOf('e', { mode: 'audit' }),
      recordOf('f', { rules: ['right'] }),
      recordOf('g', { rules: undefined }),
    ]);
    expect(namesOf(list).toSorted()).toEqual(['a', 'b']);
    expect(list.problems).toEqual([]);
  });

  test('name the other rules that made the same decision', async () => {
    const { decisions } = await found([recordOf('a', { rules: ['right', 'wrong', 'third'] })]);
    expect(decisions[0]?.otherRules).toEqual(['right', 'third']);
  });

  test('of a record that somebody has forged are none', async () => {
    expect(
      await found([recordOf('a', { connection: 'no id' }), recordOf('b', { connection: undefined })]),
    ).toEqual({
      decisions: [],
      problems: [],
    });
  });

  test('are the last of each connection, the oldest first, whatever the order of the ledger', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ name: fc.constantFrom('a', 'b', 'c'), minute: fc.integer({ min: 10, max: 59 }) }),
        ),
        async (all) => {
          const records = all.map(({ name, minute }) =>
            recordOf(name, { at: `2026-01-05T12:${minute}:00.000Z`, decisionId: `${name}${minute}` }),
          );
          const { decisions } = await found(records);
          const last = new Map<string, number>();
          for (const { name, minute } of all) last.set(name, Math.max(minute, last.get(name) ?? 0));
          expect(
            new Map(decisions.map(({ connection, decided }) => [connection.name, decided.decisionId])),
          ).toEqual(new Map([...last].map(([name, minute]) => [name, `${name}${minute}`])));
          const times = decisions.map(({ decided }) => decided.at);
          expect(times).toEqual(times.toSorted());
        },
      ),
    );
  });

  test('take one reading of each target', async () => {
    const operations = new FakeOperationStore();
    let loads = 0;
    const load = operations.load.bind(operations);
    operations.load = (target) => {
      loads += 1;
      return load(target);
    };
    const { decisions } = await found([recordOf('a'), recordOf('b'), recordOf('c')], operations);
    expect([decisions.length, loads]).toEqual([3, 1]);
  });

  test('are not guessed if the store does not answer', async () => {
    const operations = new FakeOperationStore();
    operations.load = () => Promise.reject(new PosternError('STORE_UNAVAILABLE', 'down'));
    await expect(found([recordOf('a')], operations)).rejects.toThrow('down');
  });
});

describe('a request to take one back', () => {
  const undo: Undo = { rule: 'wrong', effect: 'reject', by: 'alice', reason: 'why', takesShared: false };

  async function prepared(rules: readonly string[] = ['wrong']) {
    const rig = createRig();
    const connection = connectionIdOf(sampleTarget(), 'a');
    const decided = recordOf('a', { rules });
    rig.operations.seed(sampleTarget(), [
      sampleConnectionState({
        connection,
        status: 'Approved',
        firstSeen: endedAt,
        decisionId: undefined,
        operation: sampleOperation({ state: 'applied', endedAt, decided }),
      }),
    ]);
    const { decisions } = await found([decided], rig.operations);
    const [decision] = decisions;
    if (decision === undefined) throw new Error('nothing was found');
    return { rig, decision };
  }

  test('is stored, recorded, and then a review is queued', async () => {
    const { rig, decision } = await prepared();
    expect(await undoDecision(rig, decision, undo)).toEqual({ kind: 'asked' });
    const at = rig.clock.now().toISOString();
    const row = await rig.operations.get(decision.connection);
    expect(row?.answer).toMatchObject({
      decisionId: 'd1',
      undoes: 'wrong',
      seen: '',
      effect: 'reject',
      given: [{ oid: 'operator', name: 'alice', principals: ['operator'], reason: 'why', at }],
    });
    expect(rig.ledger.records).toEqual([
      expect.objectContaining({
        id: `d1|answered|operator|${at}`,
        kind: 'answered',
        rules: [],
        answers: 'd1',
      }),
    ]);
    expect(rig.reviews.pending).toMatchObject([
      { message: { id: sampleTarget().id, origin: 'answer', because: 'an operator takes an approval back' } },
    ]);
  });

  test('survives that others change the row at the same moment, for a while', async () => {
    for (const [conflicts, outcome] of [
      [2, 'asked'],
      [3, 'STORE_CONFLICT'],
    ] as const) {
      const { rig, decision } = await prepared();
      const save = rig.operations.save.bind(rig.operations);
      let left: number = conflicts;
      rig.operations.save = (...parameters) => {
        left -= 1;
        return left < 0 ? save(...parameters) : Promise.reject(new PosternError('STORE_CONFLICT', 'changed'));
      };
      const result = await undoDecision(rig, decision, undo).then(
        ({ kind }) => kind,
        (error: unknown) => (error instanceof PosternError ? error.code : error),
      );
      expect(result).toBe(outcome);
    }
  });

  test('is not made if the connection stands in another way by now', async () => {
    const { rig, decision } = await prepared();
    const row = await rig.operations.get(decision.connection);
    if (row === undefined) throw new Error('no row');
    await rig.operations.save(sampleTarget(), [{ ...row, status: 'Rejected' }]);
    expect(await undoDecision(rig, decision, { ...undo, takesShared: true })).toEqual({
      kind: 'not asked',
      standing: 'ended',
    });
    expect(rig.ledger.records).toEqual([]);
  });

  test('spares what other rules approved as well, unless that is wanted', async () => {
    const { rig, decision } = await prepared(['wrong', 'right']);
    expect(await undoDecision(rig, decision, undo)).toEqual({ kind: 'not asked', standing: 'shared' });
    expect(await undoDecision(rig, decision, { ...undo, takesShared: true })).toEqual({ kind: 'asked' });
  });

  test('fails if the store does, at once', async () => {
    const { rig, decision } = await prepared();
    let saves = 0;
    rig.operations.save = () => {
      saves += 1;
      return Promise.reject(new PosternError('STORE_UNAVAILABLE', 'down'));
    };
    await expect(undoDecision(rig, decision, undo)).rejects.toThrow('down');
    expect(saves).toBe(1);
  });
});
