import { noReads } from '../../../src/policy/cel/costly-reads';
import { ArmError, PosternError } from '../../../src/base/errors';
import { connectionIdOf } from '../../../src/connections/resource-id';
import { createRig, fakePolicy, targetIds, type Rig } from '../../support/rigs/rig';
import { sampleConnectionState } from '../../../dev/lib/samples';

const endpointId =
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/consumers/providers/Microsoft.Network/privateEndpoints/pe-one';
const workflowId =
  '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/shared/providers/Microsoft.Logic/workflows/st';
const minutes = (count: number): number => count * 60;

function inMinutes(rig: Rig, count: number): string {
  return new Date(rig.clock.now().getTime() + minutes(count) * 1000).toISOString();
}

describe('a hint that names an endpoint', () => {
  const hint = (rig: Rig, change: object = {}) =>
    rig.request({ kind: 'endpoint', id: endpointId, ...change });
  const details = (targets: readonly string[]) => ({
    location: undefined,
    tags: {},
    subnetId: undefined,
    targetIds: targets,
  });

  test('has each of its targets reviewed at once, as often as it was tried itself', async () => {
    const rig = createRig();
    rig.arm.endpoints.set(
      endpointId.toLowerCase(),
      details([targetIds.vault, workflowId, '/nonsense', targetIds.diskAccess]),
    );
    await rig.takeRequest(hint(rig, { attempt: 4, traceId: 'abc', lookUntil: inMinutes(rig, 20) }));
    const message = { kind: 'target', expects: endpointId.toLowerCase(), attempt: 0, traceId: 'abc' };
    expect(rig.reviews.pending).toMatchObject([
      { delaySeconds: 0, message: { ...message, id: targetIds.vault } },
      { delaySeconds: 0, message: { ...message, id: targetIds.diskAccess } },
    ]);
  });

  test('is tried again while the endpoint names no target yet', async () => {
    const rig = createRig();
    rig.arm.endpoints.set(endpointId.toLowerCase(), details([]));
    await rig.takeRequest(hint(rig, { lookUntil: inMinutes(rig, 20) }));
    expect(rig.reviews.pending).toMatchObject([
      {
        delaySeconds: 10,
        message: { kind: 'endpoint', expects: 'any', attempt: 1, because: 'not there yet' },
      },
    ]);
  });

  test('ends with an endpoint that is gone, or has only targets of other types', async () => {
    const rig = createRig();
    await rig.takeRequest(hint(rig));
    expect(rig.lines).toEqual([`${endpointId}: the endpoint is gone`]);
    rig.arm.endpoints.set(endpointId.toLowerCase(), details([workflowId]));
    await rig.takeRequest(hint(rig, { lookUntil: inMinutes(rig, 20) }));
    expect(rig.reviews.pending).toEqual([]);
  });
});

describe('a hint that announces a connection', () => {
  test.each([
    ['until its time is over', 10, 1],
    ['not beyond that', 9, 0],
    ['not without one', undefined, 0],
  ])('looks for it again %s', async (_, seconds, messages) => {
    const rig = createRig();
    const lookUntil =
      seconds === undefined ? undefined : new Date(rig.clock.now().getTime() + seconds * 1000).toISOString();
    await rig.takeRequest(rig.request({ expects: 'any', lookUntil }));
    expect(rig.reviews.pending).toHaveLength(messages);
    const again = { delaySeconds: 10, message: { because: 'not there yet' } };
    expect(rig.reviews.pending).toMatchObject(messages === 0 ? [] : [again]);
    const isTold = rig.lines.some((line) => line.includes('that an event announced did not appear'));
    expect(isTold).toBe(seconds === 9);
  });

  test('is answered by the review that finds it', async () => {
    const rig = createRig();
    const { endpoint } = rig.arm.seed({ name: 'one' });
    await rig.takeRequest(rig.request({ expects: endpoint!.key, lookUntil: inMinutes(rig, 20) }));
    expect(rig.reviews.pending).toEqual([]);
    const other = createRig();
    other.arm.seed({ name: 'one' });
    await other.takeRequest(other.request({ expects: '/subscriptions/x', lookUntil: inMinutes(other, 20) }));
    expect(other.reviews.pending).toHaveLength(1);
  });
});

describe('a request is queued again', () => {
  test('when the policy does not load, after three steps of a back-off', async () => {
    const rig = createRig();
    rig.load.current = { kind: 'refused', digest: 'x', problems: [] };
    await rig.takeRequest(rig.request());
    expect(rig.reviews.pending).toMatchObject([
      { delaySeconds: 30, message: { because: 'the policy did not load' } },
    ]);
    const slow = createRig({ pollFloorSeconds: 600 });
    slow.load.current = { kind: 'refused', digest: 'x', problems: [] };
    await slow.takeRequest(slow.request());
    expect(slow.reviews.pending).toMatchObject([{ delaySeconds: 300 }]);
  });

  test('when storage is away, later and later', async () => {
    const rig = createRig();
    for (const attempt of [0, 1, 12]) {
      rig.operations.failNext(new PosternError('STORE_UNAVAILABLE', 'away'));
      await rig.takeRequest(rig.request({ attempt }));
    }
    expect(rig.reviews.pending).toMatchObject([
      { delaySeconds: 10, message: { because: 'storage is unavailable', attempt: 1 } },
      { delaySeconds: 20 },
      { delaySeconds: 900 },
    ]);
    expect(rig.lines[0]).toBe(`${rig.target.id}: STORE_UNAVAILABLE: away`);
  });

  test.each<[string, Error, string]>([
    ['at once when somebody changed the mark', new PosternError('STORE_CONFLICT', 'x'), 'somebody else'],
    ['later when storage is away', new PosternError('STORE_UNAVAILABLE', 'x'), 'storage is unavailable'],
  ])('%s while trouble with ARM is handled', async (_, error, why) => {
    const rig = createRig();
    rig.arm.listFailure = new ArmError('ARM_UNAVAILABLE', '503');
    const { put } = rig.reviews;
    rig.reviews.put = async (...args) => {
      rig.reviews.put = put;
      await put.apply(rig.reviews, args);
      rig.operations.failNext(error);
    };
    await rig.takeRequest(rig.request());
    expect(rig.reviews.pending).toHaveLength(2);
    expect(rig.reviews.pending.map(({ message }) => message.because)).toContainEqual(
      expect.stringContaining(why),
    );
  });

  test('when another review holds the target, at its own time', async () => {
    const rig = createRig();
    rig.lease.lose(rig.target);
    const request = rig.request({ attempt: 2 });
    await rig.takeRequest(request);
    expect(rig.reviews.pending).toMatchObject([
      { delaySeconds: 40, message: { attempt: 3, hintedAt: request.hintedAt, because: 'event' } },
    ]);
  });
});

test('a lease that cannot be given back is told of, and changes nothing', async () => {
  const rig = createRig();
  const { acquire } = rig.lease;
  rig.lease.acquire = async (target) => {
    const lease = await acquire.call(rig.lease, target);
    const release = async (): Promise<void> => {
      throw new PosternError('STORE_UNAVAILABLE', 'away');
    };
    return lease && { ...lease, release };
  };
  rig.arm.seed({ name: 'one' });
  await rig.takeRequest(rig.request());
  expect(rig.ledger.ofKind('decided')).toHaveLength(1);
  expect(rig.reviews.pending).toEqual([]);
  expect(rig.lines).toEqual([
    'The lease was not released and will expire by itself. STORE_UNAVAILABLE: away',
  ]);
});

describe('a target that does not exist', () => {
  test('leaves nothing behind if Postern has never seen it', async () => {
    const rig = createRig();
    rig.arm.targetExists = false;
    await rig.takeRequest(rig.request());
    expect([rig.operations.saves, rig.reviews.pending]).toEqual([[], []]);
  });

  test('has its connections looked for twice before they are gone', async () => {
    const rig = createRig();
    rig.arm.targetExists = false;
    const connection = connectionIdOf(rig.target, 'one');
    rig.operations.seed(rig.target, [sampleConnectionState({ connection, operation: undefined })]);
    await rig.takeRequest(rig.request());
    expect(rig.reviews.pending).toMatchObject([{ delaySeconds: 30, message: { because: 'in progress' } }]);
    await rig.run(60);
    expect(rig.operations.rows(rig.target)).toEqual([]);
  });
});

describe('the next review', () => {
  test('comes at the earlier of two times', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.arm.seed({ name: 'two', provisioningState: 'Updating' });
    rig.policy.effects.set('one', 'approve');
    rig.arm.writeReplies.push(new ArmError('ARM_THROTTLED', 'slow', { retryAfterSeconds: 4 }));
    await rig.takeRequest(rig.request());
    expect(rig.reviews.pending).toMatchObject([{ delaySeconds: 4, message: { because: 'back-off' } }]);

    const other = createRig();
    other.arm.seed({ name: 'one' });
    other.arm.seed({ name: 'two', provisioningState: 'Updating' });
    other.policy.effects.set('one', 'approve');
    other.arm.writeReplies.push(new ArmError('ARM_THROTTLED', 'slow', { retryAfterSeconds: 10 }));
    await other.takeRequest(other.request());
    expect(other.reviews.pending).toMatchObject([{ delaySeconds: 10, message: { because: 'in progress' } }]);
  });

  test('waits as long as ARM asks, but no longer than an hour, and the log says why', async () => {
    for (const [asked, seconds] of [[undefined, 10] as const, [77, 77] as const, [9_999, 3_600] as const]) {
      const rig = createRig();
      rig.arm.seed({ name: 'one' });
      rig.policy.effects.set('one', 'approve');
      rig.arm.writeReplies.push(new ArmError('ARM_CONFLICT', 'busy', { retryAfterSeconds: asked }));
      await rig.takeRequest(rig.request());
      expect(rig.reviews.pending).toMatchObject([{ delaySeconds: seconds }]);
      expect(rig.operation('one')?.dueAt).toBe(
        new Date(rig.clock.now().getTime() + seconds * 1000).toISOString(),
      );
    }
  });

  test('comes when the first of the writes that wait is due', async () => {
    const rig = createRig();
    const planned = (name: string, seconds: number) => {
      const { id, endpoint } = rig.arm.seed({ name });
      rig.policy.effects.set(name, 'approve');
      const writes = [1_000, 900, 800, 600 - seconds].map((ago) =>
        new Date(rig.clock.now().getTime() - ago * 1000).toISOString(),
      );
      return sampleConnectionState({
        connection: id,
        endpointKey: endpoint!.key,
        operation: undefined,
        decisionId: undefined,
        writes,
      });
    };
    rig.operations.seed(rig.target, [planned('one', 100), planned('two', 40), planned('three', 70)]);
    await rig.takeRequest(rig.request());
    expect(rig.arm.writes).toEqual([]);
    expect(rig.reviews.pending).toMatchObject([{ delaySeconds: 40, message: { because: 'back-off' } }]);
  });
});

describe('a target that is being changed', () => {
  const details = { provisioningState: 'Updating', kind: undefined, location: undefined, tags: {} };

  test('is not written to, until that has lasted for longer than any change', async () => {
    const rig = createRig({ target: targetIds.apiManagement });
    rig.arm.targetDetails = details;
    for (const name of ['one', 'two']) {
      rig.arm.seed({ name });
      rig.policy.effects.set(name, 'approve');
    }
    await rig.takeRequest(rig.request());
    expect(rig.arm.writes).toEqual([]);
    expect(rig.reviews.pending).toMatchObject([{ message: { because: 'locked' } }]);
    await rig.run(59 * 60);
    expect(rig.arm.writes).toEqual([]);
    await rig.run(20 * 60);
    expect(rig.arm.writes).toHaveLength(1);
  });

  test('is no reason to come again if nothing is to be written', async () => {
    const rig = createRig({ target: targetIds.apiManagement });
    rig.arm.targetDetails = details;
    rig.arm.seed({ name: 'one' });
    await rig.takeRequest(rig.request());
    expect(rig.reviews.pending).toEqual([]);
  });
});

test('a write whose reading grew too old on its way is not sent', async () => {
  for (const [seconds, writes] of [[20, 1] as const, [20.5, 0] as const]) {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    const { write } = rig.arm;
    rig.arm.write = async (...args) => {
      rig.clock.advance(seconds);
      return write.apply(rig.arm, args);
    };
    await rig.takeRequest(rig.request());
    expect(rig.arm.writes).toHaveLength(writes);
    expect(rig.operation('one')?.state).toBe(writes === 1 ? 'running' : 'planned');
  }
});

describe('a review of a target that was reviewed before', () => {
  test('takes a new connection for one that its event reported, unless a sweep finds it', async () => {
    const found = async (origin: 'sweep' | 'first sweep' | undefined): Promise<number> => {
      const rig = createRig();
      rig.arm.seed({ name: 'one' });
      await rig.takeRequest(rig.request());
      rig.clock.advance(60);
      rig.arm.seed({ name: 'two' });
      await rig.takeRequest(rig.request(origin === undefined ? {} : { origin }));
      return rig.ledger.ofKind('found').length;
    };
    expect([await found(undefined), await found('sweep'), await found('first sweep')]).toEqual([0, 1, 1]);
  });

  test('keeps its time, although another one is on its way', async () => {
    const rig = createRig();
    const { id, endpoint } = rig.arm.seed({ name: 'one', provisioningState: 'Updating' });
    const row = sampleConnectionState({ connection: id, endpointKey: endpoint!.key, operation: undefined });
    rig.operations.seed(rig.target, [row]);
    const againAt = new Date(rig.clock.now().getTime() + 5_000).toISOString();
    await rig.operations.save(rig.target, [], { nextGeneration: 0, againAt });
    await rig.takeRequest(rig.request());
    expect(rig.reviews.pending).toEqual([]);
    expect((await rig.operations.load(rig.target)).reviewedAt).toBe(rig.clock.now().toISOString());
  });
});

test('hints that come at once ask for one lease', async () => {
  const rig = createRig();
  let asked = 0;
  const { acquire } = rig.lease;
  rig.lease.acquire = (target) => {
    asked += 1;
    return acquire.call(rig.lease, target);
  };
  const request = rig.request();
  await Promise.all([rig.takeRequest(request), rig.takeRequest(request), rig.takeRequest(request)]);
  expect(asked).toBe(1);
});

test('rows that somebody else changed are read again at once, then later and later', async () => {
  const rig = createRig();
  const because = 'somebody else changed the rows';
  for (const change of [{ attempt: 5 }, { because, attempt: 1 }, { because, attempt: 20 }]) {
    rig.operations.failNext(new PosternError('STORE_CONFLICT', 'changed'));
    await rig.takeRequest(rig.request(change));
  }
  expect(rig.reviews.pending).toMatchObject([
    { delaySeconds: 1, message: { because, attempt: 1 } },
    { delaySeconds: 2, message: { because, attempt: 2 } },
    { delaySeconds: 300, message: { because, attempt: 21 } },
  ]);
});

test('a review that took ten minutes still writes; one that took longer leaves that to the next', async () => {
  for (const [seconds, writes] of [[600, 1] as const, [600.001, 0] as const]) {
    const rig = createRig({
      policy: Object.assign(fakePolicy(), {
        reads: { ...noReads, target: true },
      }),
    });
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    // Renewed all the time, as the real lease is.
    rig.lease.acquire = async () => ({ fence: () => undefined, release: async () => undefined });
    const { readTarget } = rig.arm;
    rig.arm.readTarget = async () => {
      rig.clock.advance(seconds);
      rig.arm.readTarget = readTarget;
      return readTarget.call(rig.arm);
    };
    await rig.takeRequest(rig.request());
    expect(rig.arm.writes).toHaveLength(writes);
    if (writes === 0) expect(rig.reviews.pending).toMatchObject([{ message: { because: 'next in line' } }]);
  }
});

test('a target that is being changed is written to once the oldest write has waited for too long', async () => {
  const rig = createRig({ target: targetIds.apiManagement });
  rig.arm.targetDetails = { provisioningState: 'Updating', kind: undefined, location: undefined, tags: {} };
  rig.arm.seed({ name: 'old' });
  rig.policy.effects.set('old', 'delete');
  await rig.takeRequest(rig.request());
  rig.clock.advance(61 * 60);
  rig.arm.seed({ name: 'new' });
  rig.policy.effects.set('new', 'approve');
  await rig.takeRequest(rig.request());
  expect(rig.arm.writes.map(({ effect }) => effect)).toEqual(['approve']);
});
