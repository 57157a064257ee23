import { demandsBroken, foundBroken } from '../../support/crash/demands';
import { killsOf } from '../../support/crash/exhaustive';
import { play, type Scenario } from '../../support/crash/host';
import type { Breakage } from '../../support/crash/process';
import { changeOfMind, scenarios } from '../../support/crash/scenarios';

function scenarioNamed(part: string): Scenario {
  const found = scenarios.find(({ name }) => name.includes(part));
  if (found === undefined) throw new Error(`no scenario is about ${part}`);
  return found;
}

async function brokenBy(part: string, breakage: Breakage): Promise<string[]> {
  const scenario = scenarioNamed(part);
  const undisturbed = await play(scenario);
  const broken: string[] = [];
  for (const kill of killsOf(undisturbed).slice(0, 25)) {
    broken.push(...demandsBroken(scenario, await play(scenario, { kills: [kill], breakage }), undisturbed));
  }
  return [...new Set(broken)];
}

describe('a build that is broken on purpose is found out', () => {
  test('if it writes before the decision is durable', async () => {
    const broken = await brokenBy('rejected', (ports) => ({ ...ports, ledger: { append: async () => [] } }));
    expect(broken).toContain('reject of one: no decided record is durable');
  });

  test('if it sets no alarm', async () => {
    const broken = await brokenBy('a disk access', (ports) => ({
      ...ports,
      alarm: { ring: async () => undefined },
    }));
    expect(broken).toContain('an operation is left running: approve');
  });

  test('if it gives the same record another id each time', async () => {
    let count = 0;
    const broken = await brokenBy('held', (ports) => ({
      ...ports,
      ledger: {
        append: (records) =>
          ports.ledger.append(records.map((record) => ({ ...record, id: `${record.id}|${(count += 1)}` }))),
      },
    }));
    expect(broken).toContainEqual(expect.stringMatching(/^decided more than once: one /));
  });

  test('if it keeps no row of what it is about to write', async () => {
    const broken = await brokenBy('rejected', (ports) => ({
      ...ports,
      operations: {
        ...ports.operations,
        save: async (target, rows, reviewedAt) =>
          reviewedAt === undefined ? ports.operations.save(target, rows) : rows,
      },
    }));
    expect(broken).toContain('reject of one: its row says undefined');
  });
});

test('nothing that a dead process goes on to do takes effect', async () => {
  const scenario = scenarioNamed('approved, which ends at once');
  const { calls } = await play(scenario);
  const written = calls.findIndex(({ step }) => step === 'write sent') + 1;
  const nets = { again: false, sweep: false };
  const before = await play(scenario, { kills: [{ at: written, when: 'before' }], nets });
  const after = await play(scenario, { kills: [{ at: written, when: 'after' }], nets });
  expect([before.world.arm.sent.length, after.world.arm.sent.length]).toEqual([0, 1]);
  expect(after.world.operations.rows()[0]?.operation?.state).toBe('planned');
  expect(after.world.alarms.isEmpty).toBe(true);
});

test('before a call nothing else is durable than after the one before it', async () => {
  const scenario = scenarioNamed('rejected');
  const { calls } = await play(scenario);
  const later = calls.flatMap(({ first }, index) => (first ? [] : [index + 1]));
  for (const at of later) {
    const one = await play(scenario, { kills: [{ at, when: 'before' }] });
    const other = await play(scenario, { kills: [{ at: at - 1, when: 'after' }] });
    expect(one.deaths).toEqual(other.deaths);
    expect(one.world.ledger.records).toEqual(other.world.ledger.records);
  }
});

describe('what is not promised', () => {
  test('a new policy’s write may be sent while a dead process’s goes on; Azure refuses it, and nothing comes of it', async () => {
    const undisturbed = await play(changeOfMind);
    for (const kill of killsOf(undisturbed)) {
      const { world, isQuiet, deaths } = await play(changeOfMind, { kills: [kill] });
      expect(isQuiet).toBe(true);
      expect(world.arm.sent).toHaveLength(1);
      if (world.breaches.length === 0) continue;
      expect(new Set(world.breaches)).toEqual(new Set(['reject of one: overlaps approve of one']));
      expect(deaths[0]).toMatch(/^review: (write sent(, by half)?|alarm set)$/);
    }
  });

  // It has the time in its id, so a death between the ledger and the rows leaves two.
  test.failing('what no event had told of is told of once, wherever the process dies', async () => {
    const scenario = scenarioNamed('no event tells');
    for (const kill of killsOf(await play(scenario))) {
      expect(foundBroken((await play(scenario, { kills: [kill] })).world)).toEqual([]);
    }
  });
});
