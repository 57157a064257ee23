import { ConsoleError } from '../../../../src/console/http/message';
import {
  ada,
  bob,
  type ConsoleRig,
  createConsoleRig,
  openPolicy,
  person,
} from '../../../support/console/console-rig';

/** What a process dies of here. */
class Killed extends Error {}

const name = 'one';
const two = `console: { approve: [role] }\nrules: [{name: two, effect: hold, when: "true", console: {needed: 2}}]\n`;

/** The calls at which a process can die, with the object and the method. */
const callsOf = (rig: ConsoleRig) =>
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
  rig: ConsoleRig,
  at: number,
  when: 'before' | 'after',
): { revive: () => void; wasKilled: () => boolean } {
  let calls = 0;
  let isDead = false;
  const undo: (() => void)[] = [];
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
    undo.push(() => void (port[method] = real));
  }
  return { revive: () => undo.forEach((one) => one()), wasKilled: () => isDead };
}

async function held(policy: string): Promise<ConsoleRig> {
  const rig = createConsoleRig(policy);
  rig.arm.seed({ name });
  await rig.review();
  return rig;
}

/** Runs `work`, which may die. */
async function die(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Killed) && !(error instanceof ConsoleError)) throw error;
  }
}

/** What must be true at any time, and at the end. */
function check(rig: ConsoleRig, label: string): void {
  const kinds = rig.kinds();
  const writes = rig.arm.writes.length;
  const told = `${label}: ${kinds.join(', ')}; ${writes} writes`;
  const count = (kind: string): number => kinds.filter((each) => each === kind).length;
  // Nothing is sent before the ledger says whose answer it is.
  if (writes > 0 && count('answered') === 0) throw new Error(`unrecorded: ${told}`);
  if (count('answered') > 2) throw new Error(`recorded twice: ${told}`);
}

/** The work of the first process, which dies, and what a person or a sweep does then. */
const scenarios: readonly {
  readonly name: string;
  readonly policy: string;
  readonly before?: (rig: ConsoleRig) => Promise<unknown>;
  readonly work: (rig: ConsoleRig) => Promise<unknown>;
  /** Whether the connection is approved at the end, if the answer was durable. */
  readonly approves: boolean;
}[] = [
  {
    name: 'a person answers',
    policy: openPolicy,
    work: async (rig) => rig.answer(await rig.look(name)),
    approves: true,
  },
  {
    name: 'an answer is carried out',
    policy: openPolicy,
    before: async (rig) => rig.answer(await rig.look(name)),
    work: (rig) => rig.run(60),
    approves: true,
  },
  {
    name: 'a second person agrees',
    policy: two,
    before: async (rig) => rig.answer(await rig.look(name), person(bob)),
    work: async (rig) => rig.answer(await rig.look(name)),
    approves: true,
  },
  {
    name: 'a person takes an answer back',
    policy: openPolicy,
    before: async (rig) => rig.answer(await rig.look(name)),
    work: async (rig) => rig.withdraw(await rig.look(name)),
    approves: false,
  },
];

describe.each(scenarios)('$name', ({ policy, before, work, approves }) => {
  test.each(['before', 'after'] as const)('and the process dies %s any call', async (when) => {
    let kills = 0;
    for (let at = 1; ; at += 1) {
      const rig = await held(policy);
      await before?.(rig);
      const process = killAt(rig, at, when);
      await die(() => work(rig));
      const label = `killed ${when} call ${at}`;
      process.revive();
      check(rig, label);
      const row = rig.row(name);
      const isDurable =
        (row?.answer?.given ?? []).some(({ oid }) => oid === ada) || rig.arm.writes.length > 0;
      const wasWithdrawn = row?.answer?.given.length === 0;
      for (let round = 0; round < 3; round += 1) {
        rig.clock.advance(120);
        await rig.review(600);
      }
      check(rig, label);
      const isApproved = rig.row(name)?.status === 'Approved';
      if (approves) expect([label, isApproved]).toEqual([label, isDurable]);
      else if (wasWithdrawn) expect([label, isApproved]).toEqual([label, false]);
      expect([label, rig.arm.writes.length]).toEqual([label, isApproved ? 1 : 0]);
      const { records } = rig.ledger;
      if (isApproved) {
        const by = records.find(({ kind }) => kind === 'applied')?.by;
        expect([label, by]).toEqual([label, expect.stringContaining(`Ada (${ada})`)]);
        expect(records.filter(({ id }) => id.includes(`|answered|${ada}`))).toHaveLength(1);
      }
      if (wasWithdrawn) expect([label, rig.kinds()]).toEqual([label, expect.arrayContaining(['withdrawn'])]);
      if (!process.wasKilled()) break;
      kills += 1;
    }
    expect(kills).toBeGreaterThanOrEqual(5);
  });
});
