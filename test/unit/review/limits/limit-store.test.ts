import { PosternError } from '../../../../src/base/errors';
import { saveWithRetry, type LimitState } from '../../../../src/review/limits/limit-store';
import { createLimitGuard } from '../../../../src/review/limits/limit-guard';
import { heldBy, liftLimit } from '../../../../src/review/limits/lift-limit';
import { FakeLimitStore } from '../../../support/fakes';
import { createRig, fakePolicy, targetIds, type Rig } from '../../../support/rigs/rig';
import { parseTargetId } from '../../../../src/connections/resource-id';
import { sampleConnectionState, sampleOperation, sampleRecord } from '../../../../dev/lib/samples';
import { connectionIdOf } from '../../../../src/connections/resource-id';

const begun = { decisionId: 'd1', at: '2026-01-05T12:00:00.000Z' };
const added = (state: LimitState) => ({
  state: { ...state, begun: [...state.begun, begun] },
  result: 'added',
});

/** A store that other processes change before each of the next saves. */
function contested(times: number): FakeLimitStore {
  const store = new FakeLimitStore();
  const save = store.save.bind(store);
  let left = times;
  store.save = async (kind, state) => {
    left -= 1;
    if (left >= 0) await save(kind, await store.load(kind));
    return save(kind, state);
  };
  return store;
}

describe('a change of a limit', () => {
  test('is saved, with what it results in', async () => {
    const store = new FakeLimitStore();
    expect(await saveWithRetry(store, 'rejects', added)).toBe('added');
    expect(await store.load('rejects')).toMatchObject({ begun: [begun] });
  });

  test('that changes nothing is not saved', async () => {
    const store = new FakeLimitStore();
    expect(await saveWithRetry(store, 'rejects', (state) => ({ state, result: 7 }))).toBe(7);
    expect(await store.load('rejects')).not.toHaveProperty('version');
  });

  test('starts over up to seven times when others are faster, and then fails', async () => {
    const seven = contested(7);
    expect(await saveWithRetry(seven, 'rejects', added)).toBe('added');
    expect(await seven.load('rejects')).toMatchObject({ begun: [begun] });
    await expect(saveWithRetry(contested(8), 'rejects', added)).rejects.toMatchObject({
      code: 'STORE_CONFLICT',
    });
  });

  test('fails at once for any other reason', async () => {
    const store = new FakeLimitStore();
    store.save = async () => {
      throw new PosternError('STORE_UNAVAILABLE', 'away');
    };
    await expect(saveWithRetry(store, 'rejects', added)).rejects.toThrow('away');
    expect(store.loads).toBe(1);
  });
});

describe('lifting a limit', () => {
  const limit = { state: 'held', lifts: 0, heldAt: begun.at } as const;

  function withHeld(): Rig {
    const rig = createRig();
    const targets = [parseTargetId(targetIds.vault), parseTargetId(targetIds.diskAccess)];
    for (const target of targets) {
      const rows = ['one', 'two', 'three'].map((name, index) =>
        sampleConnectionState({
          connection: connectionIdOf(target, name),
          operation: sampleOperation({
            state: 'planned',
            effect: index === 2 ? 'delete' : 'reject',
            decided: sampleRecord({ status: 'Pending' }),
            limit,
          }),
        }),
      );
      rig.operations.seed(target, rows);
    }
    return rig;
  }

  test('is recorded first, and has each target reviewed once', async () => {
    const rig = withHeld();
    expect(await liftLimit(rig, 'rejects', 'Ada')).toBe(4);
    const at = rig.clock.now().toISOString();
    expect(rig.ledger.records).toEqual([
      {
        version: 1,
        id: `rejects|lifted|${at}`,
        kind: 'lifted',
        at,
        target: '',
        reason: 'Ada lifted the limit of rejects: the writes that it held continue',
      },
    ]);
    expect(rig.reviews.pending.map(({ message: { id, because } }) => [id, because])).toEqual([
      [parseTargetId(targetIds.vault).id, 'a limit was lifted'],
      [parseTargetId(targetIds.diskAccess).id, 'a limit was lifted'],
    ]);
    expect(await rig.limits.load('rejects')).toMatchObject({ lifts: 1, begun: [] });
  });

  test('concerns only the writes of its kind', async () => {
    const found: string[] = [];
    for await (const { connection } of heldBy(withHeld(), 'deletes')) found.push(connection.name);
    expect(found).toEqual(['three', 'three']);
  });
});

test('a write that a limit holds is told of once, in the log and the ledger', async () => {
  const rig = createRig({ policy: fakePolicy() });
  rig.policy.limits = { rejects: { perReview: 1 } };
  for (const name of ['one', 'two', 'three']) {
    rig.arm.seed({ name });
    rig.policy.effects.set(name, 'reject');
  }
  await rig.takeRequest(rig.request());
  rig.clock.advance(60);
  await rig.takeRequest(rig.request());
  const reason =
    'This review wants 3 rejects; the policy allows 1 per review. The write is held until a person lifts the limit';
  expect(rig.ledger.ofKind('limited').map((record) => record.reason)).toEqual([reason, reason]);
  expect(rig.lines.filter((line) => line.endsWith(reason))).toEqual([
    expect.stringMatching(/privateEndpointConnections\/\w+: This review/),
    expect.stringMatching(/privateEndpointConnections\/\w+: This review/),
  ]);
});

describe('a limit per review', () => {
  const policy = Object.assign(fakePolicy(), { limits: { rejects: { perReview: 1 } } });
  const planned = (name: string, held?: 'held' | 'lifted') => {
    const rig = createRig();
    const connection = rig.arm.seed({ name });
    const operation = sampleOperation({
      id: `${name}.1`,
      state: 'planned',
      effect: 'reject',
      decided: sampleRecord({ status: 'Pending' }),
      limit: held && { ...{ state: held, lifts: 0, heldAt: begun.at } },
    });
    return {
      connection,
      operation,
      connectionState: sampleConnectionState({ connection: connection.id, operation }),
    };
  };

  /** The names of the writes that may begin. */
  async function admitted(writes: readonly ReturnType<typeof planned>[]): Promise<readonly string[]> {
    const rig = createRig();
    const { target } = rig;
    rig.operations.seed(
      target,
      writes.map(({ connectionState }) => connectionState),
    );
    const stored = writes.map((write) => ({
      ...write,
      connectionState: rig.operations
        .rows(target)
        .find(({ connection }) => connection.key === write.connection.id.key)!,
    }));
    const guard = await createLimitGuard(rig, { target, policy }, stored);
    const names: string[] = [];
    for (const write of stored) {
      const found = await guard.admit(write);
      if (found !== undefined)
        names.push(`${found.connection.id.name} ${found.operation.limit?.state ?? 'free'}`);
    }
    return names;
  }

  test('admits the first writes, and none that it holds', async () => {
    expect(await admitted([planned('one'), planned('two'), planned('three')])).toEqual(['one free']);
  });

  test('does not count what a person has let go', async () => {
    expect(await admitted([planned('one', 'lifted'), planned('two'), planned('three')])).toEqual([
      'one lifted',
      'two free',
    ]);
  });

  test('does not count what it holds already', async () => {
    expect(await admitted([planned('one', 'held'), planned('two'), planned('three')])).toEqual(['two free']);
  });
});
