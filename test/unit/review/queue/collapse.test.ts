import { noReads } from '../../../../src/policy/cel/costly-reads';
import { ArmError } from '../../../../src/base/errors';
import { createRig, fakePolicy, targetIds, type Rig } from '../../../support/rigs/rig';

const hour = 3600;

/** What keeps a target from being done with. */
const troubles: readonly [string, () => Rig][] = [
  [
    'a connection that is Updating',
    () => {
      const rig = createRig();
      rig.arm.seed({ name: 'stuck', provisioningState: 'Updating' });
      return rig;
    },
  ],
  [
    'an endpoint that cannot be read',
    () => {
      const policy = Object.assign(fakePolicy(), {
        reads: { ...noReads, endpoint: true },
      });
      const rig = createRig({ policy });
      const { endpoint } = rig.arm.seed({ name: 'stuck' });
      rig.arm.endpoints.set(endpoint!.key, new ArmError('ARM_UNAVAILABLE', '503'));
      return rig;
    },
  ],
  [
    'a list that cannot be read',
    () => {
      const rig = createRig();
      rig.arm.listFailure = new ArmError('ARM_UNAVAILABLE', '503');
      return rig;
    },
  ],
  [
    'a list that may not be read',
    () => {
      const rig = createRig();
      rig.arm.listFailure = new ArmError('ARM_FORBIDDEN', '403');
      return rig;
    },
  ],
  [
    'an identity that is away',
    () => {
      const rig = createRig();
      rig.arm.listFailure = new ArmError('ARM_UNAUTHENTICATED', '401');
      return rig;
    },
  ],
  [
    'a policy that does not load',
    () => {
      const rig = createRig();
      const problem = { path: 'p.yaml', line: 1, column: 1, length: 1, message: 'bad' };
      rig.load.current = { kind: 'refused', digest: 'f'.repeat(64), problems: [problem] };
      return rig;
    },
  ],
  [
    'a target that is locked',
    () => {
      const rig = createRig({ target: targetIds.apiManagement });
      rig.arm.seed({ name: 'stuck' });
      rig.policy.effects.set('stuck', 'approve');
      rig.arm.writeReplies.push(...Array.from({ length: 1000 }, () => new ArmError('ARM_CONFLICT', '409')));
      return rig;
    },
  ],
];

describe.each(troubles)('%s', (_, create) => {
  test.each([
    ['events', 20],
    ['events', 864],
    ['sweeps', 900],
  ])('300 %s, one every %s s, leave at most two messages', async (what, seconds) => {
    const rig = create();
    const origin = what === 'sweeps' ? { origin: 'sweep' as const } : {};
    for (let hint = 0; hint < 300; hint += 1) {
      await rig.reviews.put(rig.request(origin), what === 'sweeps' ? 0 : 2);
      await rig.run(seconds);
      expect(rig.reviews.pending.length).toBeLessThanOrEqual(3);
    }
    await rig.run(900);
    expect(rig.reviews.pending.length).toBeLessThanOrEqual(2);
  });

  test('300 events at once leave one message', async () => {
    const rig = create();
    for (let event = 0; event < 300; event += 1) await rig.reviews.put(rig.request(), 2);
    await rig.run(60);
    expect(rig.reviews.pending.length).toBeLessThanOrEqual(1);
  });

  test('messages that are delivered three times, all at the same time, do not multiply', async () => {
    const rig = create();
    // Two messages that are sent at the same time are not sent in the same millisecond.
    const readClock = rig.clock.now.bind(rig.clock);
    jest.spyOn(rig.clock, 'now').mockImplementation(() => {
      rig.clock.advance(0.001);
      return readClock();
    });
    await rig.takeRequest(rig.request());
    for (let round = 0; round < 12; round += 1) {
      rig.clock.advance(Math.min(1000, Math.max(1, rig.reviews.secondsUntilDue)));
      const due = [...rig.reviews.takeDue()];
      await Promise.all([...due, ...due, ...due].map((request) => rig.takeRequest(request)));
      expect(rig.reviews.pending.length).toBeLessThanOrEqual(9);
    }
    await rig.run(900);
    expect(rig.reviews.pending.length).toBeLessThanOrEqual(1);
  });

  test('is told of once a day', async () => {
    const rig = create();
    await rig.takeRequest(rig.request());
    for (let quarter = 0; quarter < 4 * 48; quarter += 1) {
      await rig.reviews.put(rig.request({ origin: 'sweep' }), 0);
      await rig.run(900);
    }
    const days = new Map<string, number>();
    for (const { kind, at } of rig.ledger.records) {
      if (!['waited', 'failed', 'suspended', 'decided'].includes(kind)) continue;
      days.set(at.slice(0, 10), (days.get(at.slice(0, 10)) ?? 0) + 1);
    }
    expect(days.get('2026-01-05')).toBeGreaterThanOrEqual(1);
    expect(Math.max(...days.values())).toBeLessThanOrEqual(3);
  });
});

describe('connections that were announced and never appear', () => {
  const minutes = (rig: Rig, count: number): string =>
    new Date(rig.clock.now().getTime() + count * 60_000).toISOString();
  const announced = (rig: Rig, name: string) =>
    rig.request({
      expects: `/subscriptions/x/privateendpoints/${name}`,
      lookUntil: minutes(rig, 20),
      origin: undefined,
    });
  const lists = (rig: Rig): number => rig.arm.calls.filter((call) => call === 'list').length;

  test.each([
    ['300 events of one', 1, 20],
    ['300 events of 300', 300, 20],
    ['300 events of 300 at once', 300, 0],
    ['300 events of 300, each while the one before is looked for', 300, 600],
  ])('%s leave few messages, one at last, and then none', async (_, names, seconds) => {
    const rig = createRig();
    rig.arm.seed({ name: 'settled', status: 'Approved' });
    for (let event = 0; event < 300; event += 1) {
      await rig.reviews.put(announced(rig, `pe-${event % names}`), 2);
      if (seconds > 0) await rig.run(seconds);
      if (seconds > 0) expect(rig.reviews.pending.length).toBeLessThanOrEqual(4);
    }
    await rig.run(300);
    expect(rig.reviews.pending).toHaveLength(1);
    const before = lists(rig);
    await rig.run(20 * 60);
    expect(rig.reviews.pending).toEqual([]);
    expect(lists(rig) - before).toBeLessThanOrEqual(9);
    expect((await rig.operations.load(rig.target)).expected ?? []).toEqual([]);
  });

  test('those that appear are found, whatever else was announced', async () => {
    const rig = createRig();
    rig.arm.appliesWrites = true;
    rig.policy.effects.set('late', 'approve');
    const { endpoint } = rig.arm.seed({ name: 'late' });
    rig.arm.remove('late');
    for (let event = 0; event < 30; event += 1) await rig.takeRequest(announced(rig, `pe-${event}`));
    await rig.takeRequest(rig.request({ expects: endpoint!.key, lookUntil: minutes(rig, 20) }));
    for (let event = 30; event < 60; event += 1) await rig.takeRequest(announced(rig, `pe-${event}`));
    await rig.run(11 * 60);
    rig.arm.seed({ name: 'late' });
    await rig.run(5 * 60);
    expect(rig.arm.writes).toHaveLength(1);
  });

  test('are still looked for after the list could not be read', async () => {
    const rig = createRig();
    rig.arm.appliesWrites = true;
    rig.policy.effects.set('late', 'approve');
    const { endpoint } = rig.arm.seed({ name: 'late' });
    rig.arm.remove('late');
    rig.arm.listFailure = new ArmError('ARM_UNAVAILABLE', '503');
    await rig.takeRequest(rig.request({ expects: endpoint!.key, lookUntil: minutes(rig, 20) }));
    rig.arm.listFailure = undefined;
    await rig.run(60);
    rig.arm.seed({ name: 'late' });
    await rig.run(5 * 60);
    expect(rig.arm.writes).toHaveLength(1);
  });

  test('many copies of a hint whose time is over look once', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'settled', status: 'Approved' });
    const hint = announced(rig, 'pe-one');
    rig.clock.advance(3 * hour);
    for (let copy = 0; copy < 50; copy += 1) await rig.takeRequest({ ...hint, attempt: 1 });
    expect(lists(rig)).toBe(1);
    expect(rig.reviews.pending).toEqual([]);
  });

  test('a hint that comes twice looks once', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'settled', status: 'Approved' });
    const hint = announced(rig, 'pe-one');
    rig.clock.advance(5);
    await rig.takeRequest(hint);
    const before = lists(rig);
    await rig.takeRequest(hint);
    expect(lists(rig)).toBe(before);
    expect(rig.reviews.pending).toHaveLength(1);
  });
});

test('a new request is answered at once, however long others keep the target unsettled', async () => {
  const rig = createRig();
  rig.arm.appliesWrites = true;
  rig.arm.seed({ name: 'stuck', provisioningState: 'Updating' });
  await rig.takeRequest(rig.request());
  await rig.run(24 * hour);
  rig.policy.effects.set('honest', 'approve');
  rig.arm.seed({ name: 'honest' });
  await rig.reviews.put(rig.request(), 2);
  await rig.run(3);
  expect(rig.arm.writes).toHaveLength(1);
});

test('what makes a review necessary sooner, again and again, leaves no pile of later ones', async () => {
  const rig = createRig();
  rig.arm.appliesWrites = true;
  rig.arm.seed({ name: 'stuck', provisioningState: 'Updating' });
  await rig.takeRequest(rig.request());
  await rig.run(2 * hour);
  const lists = (): number => rig.arm.calls.filter((call) => call === 'list').length;
  const before = lists();
  for (let minute = 0; minute < 60; minute += 1) {
    rig.arm.listFailure = new ArmError('ARM_THROTTLED', '429', { retryAfterSeconds: 5 });
    await rig.takeRequest(rig.request());
    rig.arm.listFailure = undefined;
    await rig.run(60);
    expect(rig.reviews.pending.length).toBeLessThanOrEqual(2);
  }
  // Each minute the failed look and the one that it promises, and the usual looks of an hour.
  expect(lists() - before).toBeLessThanOrEqual(2 * 60 + 10);
  rig.arm.change('stuck', { provisioningState: 'Succeeded' });
  rig.policy.effects.set('stuck', 'approve');
  await rig.run(hour);
  expect(rig.arm.writes).toHaveLength(1);
  expect(rig.reviews.pending).toEqual([]);
});

test('a promised look that got lost is made up for by the next hint, whatever it is', async () => {
  const rig = createRig();
  rig.arm.seed({ name: 'stuck', provisioningState: 'Updating' });
  const old = rig.request();
  rig.clock.advance(10);
  await rig.takeRequest(rig.request());
  rig.reviews.takeDue();
  rig.clock.advance(hour);
  rig.reviews.takeDue();
  const lists = (): number => rig.arm.calls.filter((call) => call === 'list').length;
  const before = lists();
  await rig.takeRequest(old);
  expect(lists()).toBe(before + 1);
  // Now one is promised again.
  await rig.takeRequest(old);
  expect(lists()).toBe(before + 1);
});

test('killed between the message and the mark, the look is still made', async () => {
  const rig = createRig();
  rig.arm.seed({ name: 'stuck', provisioningState: 'Updating' });
  const request = rig.request();
  const save = rig.operations.save.bind(rig.operations);
  rig.operations.save = async (target, rows, mark) => {
    if (mark?.againAt !== undefined) throw new Error('the process ends here');
    return save(target, rows, mark);
  };
  await expect(rig.takeRequest(request)).rejects.toThrow('ends here');
  rig.operations.save = save;
  await rig.takeRequest(request);
  await rig.run(15);
  rig.arm.change('stuck', { provisioningState: 'Succeeded' });
  await rig.run(60);
  expect(rig.ledger.ofKind('decided')).toHaveLength(1);
  expect(rig.reviews.pending).toEqual([]);
});

describe('what is gone', () => {
  test('leaves no row, and its name, made again, is a new question', async () => {
    const rig = createRig();
    rig.arm.appliesWrites = true;
    for (let round = 0; round < 30; round += 1) {
      const name = `pe-${round % 2}`;
      rig.policy.effects.set(name, 'reject');
      rig.arm.seed({ name, message: 'x'.repeat(100) });
      await rig.reviews.put(rig.request(), 0);
      await rig.run(60);
      rig.arm.remove(name);
      await rig.reviews.put(rig.request(), 0);
      await rig.run(120);
    }
    expect((await rig.operations.load(rig.target)).connectionStates).toEqual([]);
    expect(rig.arm.writes).toHaveLength(30);
    expect(rig.ledger.ofKind('applied')).toHaveLength(30);
    expect(new Set(rig.ledger.ofKind('decided').map(({ decisionId }) => decisionId)).size).toBe(30);
  });
});
