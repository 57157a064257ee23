import { createUndoRig, mended, wrongPolicy } from '../../../support/rigs/undo-rig';

type UndoRig = ReturnType<typeof createUndoRig>;

/** What a process dies of here. */
class Killed extends Error {}

/** The calls at which a process can die. */
const callsOf = (rig: UndoRig) =>
  [
    [rig.operations, 'get'],
    [rig.operations, 'load'],
    [rig.operations, 'save'],
    [rig.ledger, 'append'],
    [rig.limits, 'load'],
    [rig.limits, 'save'],
    [rig.reviews, 'put'],
    [rig.alarm, 'ring'],
    [rig.arm, 'list'],
    [rig.arm, 'get'],
    [rig.arm, 'write'],
  ] as unknown as readonly (readonly [Record<string, (...values: unknown[]) => Promise<unknown>>, string])[];

/** Lets the process die before or after its `at`th call. Returns how to bring a new one to life. */
function killAt(
  rig: UndoRig,
  at: number,
  when: 'before' | 'after',
): { revive: () => void; wasKilled: () => boolean } {
  let calls = 0;
  let isDead = false;
  const repairs: (() => void)[] = [];
  for (const [port, method] of callsOf(rig)) {
    const real = port[method]!.bind(port);
    port[method] = async (...values) => {
      if (isDead) throw new Killed('a dead process calls nothing');
      calls += 1;
      if (calls !== at) return real(...values);
      if (when === 'after') await real(...values);
      isDead = true;
      throw new Killed(`${method} was call ${at}`);
    };
    repairs.push(() => void (port[method] = real));
  }
  return { revive: () => repairs.forEach((each) => each()), wasKilled: () => isDead };
}

async function die(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
}

const limited = wrongPolicy('limits: {revocations: {perHour: 5, perReview: 5}}');

const scenarios: readonly {
  readonly name: string;
  readonly work: (rig: UndoRig) => Promise<unknown>;
  readonly before?: (rig: UndoRig) => Promise<unknown>;
  /** At how many calls it can die, at least. Default: 3. */
  readonly calls?: number;
}[] = [
  { name: 'an operator asks', work: (rig) => rig.undo() },
  // Once the ledger has the request, only the review is queued again.
  { name: 'an operator asks again', before: (rig) => rig.undo(), work: (rig) => rig.undo(), calls: 2 },
  {
    name: 'an operator asks again what a dead process stored and did not record',
    before: async (rig) => {
      const append = jest.spyOn(rig.ledger, 'append').mockRejectedValueOnce(new Killed('before the record'));
      await die(() => rig.undo());
      append.mockRestore();
    },
    work: (rig) => rig.undo(),
  },
  { name: 'the request is carried out', before: (rig) => rig.undo(), work: (rig) => rig.run(120) },
];

describe.each(scenarios)('$name', ({ work, before, calls = 3 }) => {
  test.each(['before', 'after'] as const)('and the process dies %s any call', async (when) => {
    let kills = 0;
    for (let at = 1; ; at += 1) {
      const rig = createUndoRig(limited);
      await rig.approve('one');
      await before?.(rig);
      const process = killAt(rig, at, when);
      await die(() => work(rig));
      process.revive();
      const label = `killed ${when} call ${at}`;
      const revocations = () => rig.arm.writes.filter(({ effect }) => effect !== 'approve').length;
      const answered = () => rig.ledger.ofKind('answered').length;
      // Nothing is sent before the ledger says who asked.
      if (revocations() > 0) expect([label, answered()]).toEqual([label, 1]);
      await rig.undo();
      for (let round = 0; round < 5; round += 1) {
        rig.clock.advance(120);
        await rig.takeRequest(rig.request());
        await rig.run(900);
      }
      expect([label, await rig.status('one')]).toEqual([label, 'Rejected']);
      expect([label, answered()]).toEqual([label, 1]);
      expect([label, rig.ledger.ofKind('lapsed')]).toEqual([label, []]);
      expect([label, rig.ledger.ofKind('applied').map(({ effect }) => effect)]).toEqual([
        label,
        ['approve', 'reject'],
      ]);
      if (!process.wasKilled()) break;
      kills += 1;
    }
    expect(kills).toBeGreaterThanOrEqual(calls);
  });
});

test('a request whose policy changes meanwhile is carried out once, and nothing is approved again', async () => {
  const rig = createUndoRig();
  await rig.approve('one', 'two');
  await rig.undo();
  rig.adopt(mended);
  await rig.run(3_600);
  expect(rig.arm.writes.map(({ effect }) => effect)).toEqual(['approve', 'approve', 'reject', 'reject']);
});
