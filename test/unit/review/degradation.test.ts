import { ArmError, PosternError } from '../../../src/base/errors';
import { isOpen } from '../../../src/operations/operation';
import { createRig, type Rig } from '../../support/rigs/rig';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const names = ['one', 'two', 'three'];

/** One approval runs, the next waits for its turn, and the third request has not come yet. Azure takes half a minute. */
async function busyRig(): Promise<Rig> {
  let done = 0;
  const ages: number[] = [];
  const rig: Rig = createRig({
    onSecond: async () => {
      while (ages.length < rig.arm.writes.length) ages.push(0);
      ages.forEach((age, index) => (ages[index] = age + 1));
      while ((ages[done] ?? 0) >= 30) {
        const { connection, description } = rig.arm.writes[done]!;
        rig.arm.change(connection.id.name, { status: 'Approved', message: description });
        done += 1;
      }
    },
  });
  for (const name of names) rig.policy.effects.set(name, 'approve');
  rig.arm.seed({ name: 'one' });
  rig.arm.seed({ name: 'two' });
  await rig.takeRequest(rig.request());
  expect(rig.operations.rows(rig.target).map(({ operation }) => operation?.state)).toEqual([
    'running',
    'planned',
  ]);
  return rig;
}

async function thirdRequest(rig: Rig): Promise<void> {
  rig.arm.seed({ name: 'three' });
  await rig.reviews.put(rig.request(), 0);
}

async function statuses(rig: Rig): Promise<readonly (string | undefined)[]> {
  return (await rig.arm.list())?.connections.map(({ status }) => status) ?? [];
}

function expectNothingLost(rig: Rig): void {
  const decisions = rig.ledger.ofKind('decided').map(({ connection }) => connection?.split('/').at(-1));
  expect(decisions.toSorted()).toEqual(names.toSorted());
  expect(rig.arm.writes.map(({ connection }) => connection.id.name).toSorted()).toEqual(names.toSorted());
  const open = rig.operations.rows().filter(({ operation }) => operation !== undefined && isOpen(operation));
  expect(open).toEqual([]);
  expect(rig.ledger.ofKind('abandoned')).toEqual([]);
}

/** Makes every call of these methods fail; the returned function mends them. */
function takeAway<T extends object>(port: T, methods: readonly (keyof T)[], failure: Error): () => void {
  const before = methods.map((method) => [method, port[method]] as const);
  for (const method of methods) port[method] = (() => Promise.reject(failure)) as T[typeof method];
  return () => {
    for (const [method, work] of before) port[method] = work;
  };
}

const away = new PosternError('STORE_UNAVAILABLE', 'storage is away: ECONNREFUSED');
const armCalls = ['list', 'get', 'read', 'write', 'readTarget', 'readEndpoint'] as const;

const troubles: readonly (readonly [string, (rig: Rig) => () => void])[] = [
  ['the operations table is away', (rig) => takeAway(rig.operations, ['load', 'get', 'save'], away)],
  [
    'the ledger is away',
    (rig) =>
      takeAway(rig.ledger, ['append'], new PosternError('LEDGER_UNAVAILABLE', 'no record', { cause: away })),
  ],
  ['no lease can be had', (rig) => takeAway(rig.lease, ['acquire'], away)],
  ['ARM is away', (rig) => takeAway(rig.arm, armCalls, new ArmError('ARM_UNREACHABLE', 'no answer'))],
  ['ARM has trouble', (rig) => takeAway(rig.arm, armCalls, new ArmError('ARM_UNAVAILABLE', 'HTTP 503'))],
  ['identity is away', (rig) => takeAway(rig.arm, armCalls, new ArmError('ARM_UNAUTHENTICATED', 'no token'))],
  [
    'the policy does not load',
    (rig) => {
      const before = rig.load.current;
      const problem = {
        path: 'https://account/policies',
        line: 1,
        column: 1,
        length: 1,
        message: 'HTTP 403',
      };
      rig.load.current = { kind: 'refused', digest: '0'.repeat(64), problems: [problem] };
      return () => (rig.load.current = before);
    },
  ],
];

describe.each(troubles)('while %s', (_, begin) => {
  test('nothing is written or given up and no message is lost; then every request comes to its end', async () => {
    const rig = await busyRig();
    const end = begin(rig);
    await thirdRequest(rig);
    // Every message that fails here would be on its way to the poison queue: `run` lets nothing fail.
    await rig.run(9 * minute);
    expect(rig.arm.writes).toHaveLength(1);
    expect(rig.ledger.ofKind('failed')).toEqual([]);
    end();
    await rig.run(30 * minute);
    expect(await statuses(rig)).toEqual(['Approved', 'Approved', 'Approved']);
    expect(rig.ledger.ofKind('applied')).toHaveLength(3);
    expectNothingLost(rig);
  });
});

test('a write that meets a missing token is made as soon as there is one', async () => {
  const rig = createRig();
  rig.arm.seed({ name: 'one' });
  rig.policy.effects.set('one', 'approve');
  rig.arm.writeReplies.push(new ArmError('ARM_UNAUTHENTICATED', 'HTTP 401'));
  await rig.takeRequest(rig.request());
  expect(rig.operation('one')?.state).toBe('planned');
  await rig.run(minute);
  expect(rig.arm.writes).toHaveLength(2);
  expect(rig.ledger.records.map(({ kind }) => kind)).toEqual(['decided']);
});

test('while storage is away, its messages come more and more seldom, and at once again afterwards', async () => {
  const rig = await busyRig();
  const end = takeAway(rig.operations, ['load', 'get', 'save'], away);
  await rig.run(12 * minute);
  const waits = rig.alarm.history.slice(1).map(({ delaySeconds }) => delaySeconds);
  expect(waits).toEqual([10, 20, 40, 80, 160, 300, 300]);
  end();
  rig.arm.change('one', { provisioningState: 'Updating' });
  await rig.run(5 * minute);
  expect(rig.alarm.pending.map(({ message }) => message.attempt)).toEqual([undefined]);
});

test('while storage and its queues are away, the message fails and stays with the host', async () => {
  const rig = await busyRig();
  takeAway(rig.operations, ['load', 'get', 'save'], away);
  takeAway(rig.reviews, ['put'], away);
  takeAway(rig.alarm, ['ring'], away);
  await expect(rig.takeRequest(rig.request())).rejects.toBe(away);
  await expect(rig.poll(rig.alarm.pending[0]!.message)).rejects.toBe(away);
});

describe('when the clock is set', () => {
  const jumps: readonly (readonly [string, number])[] = [
    ['a day forward', day],
    ['an hour back', -hour],
  ];

  test.each(jumps)('%s, nothing is lost and nothing is written twice', async (_, seconds) => {
    const rig = await busyRig();
    rig.clock.jump(seconds);
    await thirdRequest(rig);
    await rig.run(3 * hour);
    expect(await statuses(rig)).toEqual(['Approved', 'Approved', 'Approved']);
    expectNothingLost(rig);
  });

  test.each(jumps)(
    '%s and then put right, nothing is lost and nothing is written twice',
    async (_, seconds) => {
      const rig = await busyRig();
      rig.clock.jump(seconds);
      await thirdRequest(rig);
      // The deadline of a write is an instant: one that is made under the wrong clock may expire early.
      await rig.run(30);
      rig.clock.jump(-seconds);
      await rig.run(3 * hour);
      expect(await statuses(rig)).toEqual(['Approved', 'Approved', 'Approved']);
      expectNothingLost(rig);
    },
  );

  test('a day forward, an approval that Azure has carried out is applied, not expired', async () => {
    const rig = await busyRig();
    rig.arm.change('one', { status: 'Approved' });
    rig.clock.jump(day);
    await rig.run(15);
    expect(rig.ledger.ofKind('applied')).toHaveLength(1);
  });

  test('back, a review of the future has not seen what is asked for now', async () => {
    const rig = createRig();
    rig.clock.jump(day);
    await rig.takeRequest(rig.request());
    rig.clock.jump(-day);
    rig.clock.advance(minute);
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    await rig.takeRequest(rig.request());
    expect(rig.arm.writes).toHaveLength(1);
  });

  test('back, an attempt that failed in the future is made again when its request comes', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    rig.arm.writeReplies.push(new ArmError('ARM_REFUSED', 'not now'));
    rig.clock.jump(day);
    await rig.takeRequest(rig.request());
    expect(rig.ledger.ofKind('failed')).toHaveLength(1);
    rig.clock.jump(-day);
    await rig.run(15 * minute + 5);
    expect(rig.arm.writes).toHaveLength(2);
  });

  test('either way, a lease lasts as long as it would have', async () => {
    const rig = createRig();
    const held = await rig.lease.acquire(rig.target);
    rig.clock.jump(day);
    expect(() => held?.fence()).not.toThrow();
    rig.clock.jump(-2 * day);
    rig.clock.advance(31);
    expect(() => held?.fence()).toThrow(/about to expire/);
  });
});
