import type { OperationStore, TargetMark } from '../../../src/operations/operation-store';
import type { ConnectionState } from '../../../src/operations/operation';
import {
  sampleConnection,
  sampleOperation,
  sampleConnectionState,
  sampleTarget,
} from '../../../dev/lib/samples';

/** What every operation store must do. `create` gives an empty one. */
export function operationStoreContract(name: string, create: () => OperationStore): void {
  describe(`${name} as an operation store`, () => {
    const target = sampleTarget();

    test('a target never seen has no rows and was never reviewed', async () => {
      expect(await create().load(target)).toEqual({ connectionStates: [], nextGeneration: 0 });
    });

    test('a connection never stored is undefined', async () => {
      expect(await create().get(sampleConnection())).toBeUndefined();
    });

    test('what was saved is loaded with the versions that save gave', async () => {
      const store = create();
      const saved = await store.save(target, [sampleConnectionState()], markOf('2026-01-05T12:00:00.000Z'));
      expect(saved.rows).toEqual([{ ...sampleConnectionState(), version: expect.any(String) }]);
      expect(saved.markVersion).toEqual(expect.any(String));
      expect(await store.load(target)).toEqual({
        connectionStates: saved.rows,
        ...markOf('2026-01-05T12:00:00.000Z'),
        version: saved.markVersion,
      });
      expect(await store.get(sampleConnection())).toEqual(saved.rows[0]);
    });

    test('a connection is found whatever the casing of its id', async () => {
      const store = create();
      await store.save(target, [sampleConnectionState()]);
      const shouting = sampleConnection('CONN-1', sampleTarget('VAULT-ONE'));
      expect((await store.get(shouting))?.connection.id).toBe(sampleConnection().id);
    });

    test('targets do not see each other', async () => {
      const store = create();
      await store.save(target, [sampleConnectionState()], markOf('2026-01-05T12:00:00.000Z'));
      expect(await store.load(sampleTarget('vault-two'))).toEqual({
        connectionStates: [],
        nextGeneration: 0,
      });
    });

    test('what is to be looked at again, and which generations are spent, is remembered', async () => {
      const store = create();
      const laterAt = ['2026-01-05T12:15:00.000Z', '2026-01-05T12:30:00.000Z'];
      const until = '2026-01-05T12:20:00.000Z';
      const expected = [{ endpoint: 'any', until }, { endpoint: '/subscriptions/ä "b"', until }, { until }];
      const spent = Array.from({ length: 400 }, (_, index) => ({
        id: String(index).padStart(16, '0'),
        connection: 'c'.repeat(16),
        generation: index,
        until: '2026-01-05T18:00:00.000Z',
      }));
      const mark = { againAt: '2026-01-05T12:00:30.000Z', laterAt, expected, spent, nextGeneration: 7 };
      const { markVersion: version } = await store.save(target, [], mark);
      expect(await store.load(target)).toEqual({ connectionStates: [], ...mark, version });
      const { markVersion: next } = await store.save(target, [], { nextGeneration: 8, version });
      expect(await store.load(target)).toEqual({ connectionStates: [], nextGeneration: 8, version: next });
    });

    test('an old mark replaces none, and neither does one that takes itself for the first', async () => {
      const store = create();
      const { markVersion: old } = await store.save(target, [], { nextGeneration: 1 });
      const { markVersion: version } = await store.save(target, [], { nextGeneration: 2, version: old });
      for (const stale of [old, undefined]) {
        const saving = store.save(target, [sampleConnectionState()], { nextGeneration: 1, version: stale });
        await expect(saving).rejects.toMatchObject({ code: 'STORE_CONFLICT' });
      }
      expect(await store.load(target)).toEqual({ connectionStates: [], nextGeneration: 2, version });
      const elsewhere = store.save(sampleTarget('vault-two'), [], { nextGeneration: 1, version });
      await expect(elsewhere).rejects.toMatchObject({ code: 'STORE_CONFLICT' });
    });

    test('a row that is to be forgotten goes, and no row is given back for it', async () => {
      const store = create();
      const other = sampleConnectionState({ connection: sampleConnection('conn-2') });
      const {
        rows: [first, second],
      } = await store.save(target, [sampleConnectionState(), other]);
      expect(await store.save(target, [{ ...first!, forget: true }])).toEqual({ rows: [] });
      expect((await store.load(target)).connectionStates).toEqual([second]);
      // Once more, and one that was never there.
      expect(await store.save(target, [{ ...first!, forget: true }])).toEqual({ rows: [] });
      expect(await store.save(target, [{ ...sampleConnectionState(), forget: true }])).toEqual({ rows: [] });
    });

    test('a row that somebody changed since is not forgotten', async () => {
      const store = create();
      const {
        rows: [first],
      } = await store.save(target, [sampleConnectionState()]);
      const {
        rows: [changed],
      } = await store.save(target, [first!]);
      const forgetting = store.save(target, [{ ...first!, forget: true }]);
      await expect(forgetting).rejects.toMatchObject({ code: 'STORE_CONFLICT' });
      expect((await store.load(target)).connectionStates).toEqual([changed]);
    });

    test('what is missing or unclear, and what is known of an approval, is kept', async () => {
      const store = create();
      const at = '2026-01-05T12:00:00.000Z';
      const row = sampleConnectionState({
        missingSince: at,
        writes: [at, at],
        unclear: { since: at, why: 'a state', toldOn: '2026-01-05' },
        foundRequester: { since: at, endpointKey: '/endpoint', linkKey: '/link' },
        approval: { endsAt: at, rules: ['a'], decisionId: 'd1', proof: 'named' },
      });
      expect(await store.save(target, [row])).toEqual({ rows: [{ ...row, version: expect.any(String) }] });
      expect(await store.get(sampleConnection())).toEqual({ ...row, version: expect.any(String) });
    });

    test('a review without rows is remembered', async () => {
      const store = create();
      expect((await store.save(target, [], markOf('2026-01-05T12:00:00.000Z'))).rows).toEqual([]);
      expect((await store.load(target)).reviewedAt).toBe('2026-01-05T12:00:00.000Z');
    });

    test('rows saved without a review leave the last review as it was', async () => {
      const store = create();
      await store.save(target, [], markOf('2026-01-05T12:00:00.000Z'));
      await store.save(target, [sampleConnectionState()]);
      expect((await store.load(target)).reviewedAt).toBe('2026-01-05T12:00:00.000Z');
    });

    test('a row with its version is replaced and gets a new version', async () => {
      const store = create();
      const {
        rows: [first],
      } = await store.save(target, [sampleConnectionState()]);
      const {
        rows: [second],
      } = await store.save(target, [withoutOperation({ ...first!, status: 'Approved' })]);
      expect(second?.version).not.toBe(first?.version);
      const loaded = await store.get(sampleConnection());
      expect(loaded?.status).toBe('Approved');
      expect(loaded?.operation).toBeUndefined();
    });

    test('a row that should be new and is there already is a conflict', async () => {
      const store = create();
      await store.save(target, [sampleConnectionState()]);
      await expect(store.save(target, [sampleConnectionState()])).rejects.toMatchObject({
        code: 'STORE_CONFLICT',
      });
    });

    test('a row that somebody changed since is a conflict', async () => {
      const store = create();
      const {
        rows: [first],
      } = await store.save(target, [sampleConnectionState()]);
      await store.save(target, [first!]);
      await expect(store.save(target, [first!])).rejects.toMatchObject({ code: 'STORE_CONFLICT' });
    });

    test('a row with a version that is not there is a conflict', async () => {
      const store = create();
      const {
        rows: [first],
      } = await store.save(target, [sampleConnectionState()]);
      const stranger = { ...first!, connection: sampleConnection('never-stored') };
      await expect(store.save(target, [stranger])).rejects.toMatchObject({ code: 'STORE_CONFLICT' });
    });

    test('the same connection twice in one save is a conflict', async () => {
      const store = create();
      const rows = [sampleConnectionState(), sampleConnectionState()];
      await expect(store.save(target, rows)).rejects.toMatchObject({ code: 'STORE_CONFLICT' });
    });

    test('a row of another target is refused', async () => {
      const store = create();
      const rows = [sampleConnectionState()];
      await expect(store.save(sampleTarget('vault-two'), rows)).rejects.toMatchObject({
        code: 'STORE_CONFLICT',
      });
    });

    test('if one row conflicts, none is saved, nor the review', async () => {
      const store = create();
      await store.save(target, [sampleConnectionState()]);
      const rows = [
        sampleConnectionState({ connection: sampleConnection('conn-2') }),
        sampleConnectionState(),
      ];
      await expect(store.save(target, rows, markOf('2026-01-05T12:00:00.000Z'))).rejects.toMatchObject({
        code: 'STORE_CONFLICT',
      });
      const state = await store.load(target);
      expect(state.connectionStates.map(({ connection }) => connection.name)).toEqual(['conn-1']);
      expect(state.reviewedAt).toBeUndefined();
    });

    test('a hundred and fifty rows are saved in one call, each with its own version', async () => {
      const store = create();
      const rows = Array.from({ length: 150 }, (_, index) =>
        sampleConnectionState({ connection: sampleConnection(`conn-${index}`) }),
      );
      const { rows: saved } = await store.save(target, rows, markOf('2026-01-05T12:00:00.000Z'));
      expect(saved.map(({ connection }) => connection.name)).toEqual(rows.map((row) => row.connection.name));
      const { connectionStates, reviewedAt } = await store.load(target);
      expect(byName(connectionStates)).toEqual(byName(saved));
      expect(reviewedAt).toBe('2026-01-05T12:00:00.000Z');
    });

    test('a long operation and names with odd characters survive', async () => {
      const store = create();
      const connection = sampleConnection("o'Brien + 100 «ü» 日本 | ! x=1");
      const operation = sampleOperation({ error: '👍"\\'.repeat(30_000) });
      await store.save(target, [sampleConnectionState({ connection, operation })]);
      expect((await store.get(connection))?.operation).toEqual(operation);
    });

    describe('overdue', () => {
      const instant = new Date('2026-01-05T12:00:11.001Z');

      test('an open operation is overdue once its time is past', async () => {
        const store = create();
        await store.save(target, [sampleConnectionState()]);
        expect(await collect(store.overdue(instant))).toEqual([
          { connection: sampleConnection(), operation: sampleOperation() },
        ]);
      });

      test('an open operation is not overdue at its very time', async () => {
        const store = create();
        await store.save(target, [sampleConnectionState()]);
        expect(await collect(store.overdue(new Date('2026-01-05T12:00:11.000Z')))).toEqual([]);
      });

      test('instants are compared as instants, whatever their spelling', async () => {
        const store = create();
        const operation = sampleOperation({ dueAt: '2026-01-05T14:00:11+02:00' });
        await store.save(target, [sampleConnectionState({ operation })]);
        expect(await collect(store.overdue(instant))).toHaveLength(1);
        expect(await collect(store.overdue(new Date('2026-01-05T12:00:00Z')))).toEqual([]);
      });

      test('a planned operation without a due time counts from when it was planned', async () => {
        const store = create();
        const operation = sampleOperation({ state: 'planned', dueAt: undefined });
        await store.save(target, [sampleConnectionState({ operation })]);
        expect(await collect(store.overdue(instant))).toHaveLength(1);
      });

      test('an operation that ended is not overdue any more', async () => {
        const store = create();
        const {
          rows: [row],
        } = await store.save(target, [sampleConnectionState()]);
        await store.save(target, [{ ...row!, operation: sampleOperation({ state: 'applied' }) }]);
        expect(await collect(store.overdue(instant))).toEqual([]);
      });

      test('all targets are searched', async () => {
        const store = create();
        const names = ['vault-one', 'vault-two', 'vault-three'];
        for (const name of names) {
          const connection = sampleConnection('conn-1', sampleTarget(name));
          await store.save(
            sampleTarget(name),
            [sampleConnectionState({ connection })],
            markOf('2026-01-05T12:00:00.000Z'),
          );
        }
        const found = await collect(store.overdue(instant));
        expect(found.map(({ connection }) => connection.target.name).toSorted()).toEqual(names.toSorted());
      });
    });

    describe('what waits for a person', () => {
      const limit = { state: 'held', lifts: 0, heldAt: '2026-01-05T12:00:00.000Z' } as const;

      test('an operation that a limit holds is found as limited, and is never overdue', async () => {
        const store = create();
        const operation = sampleOperation({ state: 'planned', limit });
        await store.save(target, [sampleConnectionState({ operation })]);
        expect(await collect(store.waitingForPerson('limited'))).toEqual([
          { connection: sampleConnection(), operation },
        ]);
        expect(await collect(store.waitingForPerson('abandoned'))).toEqual([]);
        expect(await collect(store.overdue(new Date('2027-01-01T00:00:00Z')))).toEqual([]);
      });

      test('once the limit is lifted, the operation counts as any other', async () => {
        const store = create();
        const operation = sampleOperation({ state: 'planned', limit: { ...limit, state: 'lifted' } });
        await store.save(target, [sampleConnectionState({ operation })]);
        expect(await collect(store.waitingForPerson('limited'))).toEqual([]);
        expect(await collect(store.overdue(new Date('2027-01-01T00:00:00Z')))).toHaveLength(1);
      });

      test('an operation that was given up is found as abandoned', async () => {
        const store = create();
        const operation = sampleOperation({ state: 'abandoned' });
        await store.save(target, [sampleConnectionState({ operation })]);
        expect(await collect(store.waitingForPerson('abandoned'))).toHaveLength(1);
        expect(await collect(store.waitingForPerson('limited'))).toEqual([]);
      });
    });

    describe('approvals with an end', () => {
      const approval = { endsAt: '2026-02-01T00:00:00.000Z', rules: ['contractors'] };
      const ended = new Date('2026-02-01T00:00:00.000Z');

      test('survive in the row', async () => {
        const store = create();
        await store.save(target, [sampleConnectionState({ approval })]);
        expect((await store.get(sampleConnection()))?.approval).toEqual(approval);
      });

      test('are found from their end on, once the approval was applied', async () => {
        const store = create();
        const operation = sampleOperation({ state: 'applied' });
        await store.save(target, [sampleConnectionState({ approval, operation })]);
        expect(await collect(store.endedApprovals(new Date('2026-01-31T23:59:59.999Z')))).toEqual([]);
        expect(await collect(store.endedApprovals(ended))).toEqual([sampleConnection()]);
      });

      test('are found while the connection is Approved, whatever operation came later', async () => {
        const store = create();
        const operation = sampleOperation({ effect: 'delete', state: 'failed' });
        await store.save(target, [sampleConnectionState({ approval, operation, status: 'Approved' })]);
        expect(await collect(store.endedApprovals(ended))).toHaveLength(1);
      });

      test('are not found while the approval is only wanted', async () => {
        const store = create();
        await store.save(target, [sampleConnectionState({ approval })]);
        expect(await collect(store.endedApprovals(ended))).toEqual([]);
      });
    });
  });
}

function withoutOperation(connectionState: ConnectionState): ConnectionState {
  return { ...connectionState, operation: undefined };
}

function byName(connectionStates: readonly ConnectionState[]): readonly ConnectionState[] {
  return connectionStates.toSorted((a, b) => a.connection.name.localeCompare(b.connection.name));
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** What is known of a target after a review. */
function markOf(reviewedAt: string): TargetMark {
  return { reviewedAt, nextGeneration: 0 };
}
