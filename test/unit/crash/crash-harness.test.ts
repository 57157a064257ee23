import { findViolations, repeatedFinds } from '../../support/crash/violations';
import { killsOf } from '../../support/crash/exhaustive';
import { withoutPending } from '../../../src/review/unrecorded';
import { play, type Scenario } from '../../support/crash/host';
import type { Breakage } from '../../support/crash/process';
import { changeOfMind, scenarios } from '../../support/crash/scenarios';

function scenarioNamed(part: string): Scenario {
  const found = scenarios.find(({ name }) => name.includes(part));
  if (found === undefined) throw new Error(`no scenario is about ${part}`);
  return found;
}

async function violationsWith(part: string, breakage: Breakage): Promise<string[]> {
  const scenario = scenarioNamed(part);
  const undisturbed = await play(scenario);
  const violations: string[] = [];
  for (const kill of killsOf(undisturbed).slice(0, 40)) {
    violations.push(
      ...findViolations(scenario, await play(scenario, { kills: [kill], breakage }), undisturbed),
    );
  }
  return [...new Set(violations)];
}

describe('a build that is broken on purpose is found out', () => {
  test('if it writes before the decision is durable', async () => {
    const violations = await violationsWith('rejected', (ports) => ({
      ...ports,
      ledger: { append: async () => [] },
    }));
    expect(violations).toContain('reject of one: no decided record is durable');
  });

  test('if it sets no alarm', async () => {
    const violations = await violationsWith('a disk access', (ports) => ({
      ...ports,
      alarm: { ring: async () => ({ hide: async () => undefined, remove: async () => undefined }) },
    }));
    expect(violations).toContain('an operation is left running: approve');
  });

  test('if it gives the same record another id each time', async () => {
    let count = 0;
    const violations = await violationsWith('held', (ports) => ({
      ...ports,
      ledger: {
        append: (records) =>
          ports.ledger.append(records.map((record) => ({ ...record, id: `${record.id}|${(count += 1)}` }))),
      },
    }));
    expect(violations).toContainEqual(expect.stringMatching(/^decided more than once: one /));
  });

  test('if it keeps no row of what it is about to write', async () => {
    const violations = await violationsWith('rejected', (ports) => ({
      ...ports,
      operations: {
        ...ports.operations,
        save: async (target, rows, mark) =>
          rows[0]?.operation?.ticket?.confirmed === false
            ? { rows }
            : ports.operations.save(target, rows, mark),
      },
    }));
    expect(violations).toContain('reject of one: its row says undefined');
  });

  test('if it carries out an answer of which the ledger has nothing', async () => {
    const violations = await violationsWith('a person answers', (ports) => ({
      ...ports,
      ledger: {
        append: (records) => ports.ledger.append(records.filter(({ kind }) => kind !== 'answered')),
      },
    }));
    expect(violations).toContain('approve of one: no answer is on record that was not taken back');
  });

  test('if it forgets what of an answer is still to be recorded', async () => {
    const violations = await violationsWith('a person answers', (ports) => ({
      ...ports,
      operations: {
        ...ports.operations,
        save: (target, rows, mark) => ports.operations.save(target, rows.map(withoutPending), mark),
      },
    }));
    expect(violations).toContain('approve of one: no answer is on record that was not taken back');
  });

  test('if the list of the console does not follow the rows', async () => {
    const violations = await violationsWith('opens a list', (ports) => ({
      ...ports,
      index: { ...ports.index, change: async () => undefined },
    }));
    expect(violations).toContain('the list shows "", not "one held"');
  });
});

test('nothing that a dead process goes on to do takes effect', async () => {
  const scenario = scenarioNamed('approved, which ends at once');
  const { calls } = await play(scenario);
  const written = calls.findIndex(({ step }) => step === 'write sent') + 1;
  const recoveries = { again: false, sweep: false };
  const before = await play(scenario, { kills: [{ at: written, when: 'before' }], recoveries });
  const after = await play(scenario, { kills: [{ at: written, when: 'after' }], recoveries });
  expect([before.world.arm.sent.length, after.world.arm.sent.length]).toEqual([0, 1]);
  expect(after.world.operations.rows()[0]?.operation).toMatchObject({
    state: 'running',
    ticket: { confirmed: false },
  });
  expect(after.world.alarms.isEmpty).toBe(true);
});

test('before a call nothing else is durable than after the one before it', async () => {
  const scenario = scenarioNamed('rejected');
  const { calls } = await play(scenario);
  const requeued = calls.flatMap(({ first }, index) => (first ? [] : [index + 1]));
  for (const at of requeued) {
    const one = await play(scenario, { kills: [{ at, when: 'before' }] });
    const other = await play(scenario, { kills: [{ at: at - 1, when: 'after' }] });
    expect(one.crashes).toEqual(other.crashes);
    expect(one.world.ledger.records).toEqual(other.world.ledger.records);
  }
});

test('a new policy’s write waits for the end of a dead process’s, and that one is on record as applied', async () => {
  const undisturbed = await play(changeOfMind);
  for (const kill of killsOf(undisturbed)) {
    const { world, isQuiet } = await play(changeOfMind, { kills: [kill] });
    expect(isQuiet).toBe(true);
    expect(world.arm.sent).toHaveLength(1);
    expect(world.breaches).toEqual([]);
  }
});

test('a connection without an event is recorded as found once, wherever the process dies', async () => {
  const scenario = scenarioNamed('have no event');
  for (const kill of killsOf(await play(scenario))) {
    expect(repeatedFinds((await play(scenario, { kills: [kill] })).world)).toEqual([]);
  }
});
