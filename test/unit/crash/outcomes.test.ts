import { auditWithOutcomes } from '../../../src/outcomes/publishing-audit-log';
import { outcomeFrom, type OutcomeEvent } from '../../../src/outcomes/outcome-event';
import { killsOf } from '../../support/crash/exhaustive';
import { play, type Run, type Scenario } from '../../support/crash/host';
import type { Kill } from '../../support/crash/kill-switch';
import type { CrashingPorts } from '../../support/crash/crashing-ports';
import { scenarios } from '../../support/crash/scenarios';
import { FakeClock, FakeOutcomeQueue, FakeOutcomeTopic } from '../../support/fakes';

interface Told {
  readonly run: Run;
  readonly events: readonly OutcomeEvent[];
}

/** Plays a scenario by processes that tell of outcomes, over a topic that outlives them. */
async function playTelling(scenario: Scenario, kills: readonly Kill[] = []): Promise<Told> {
  const topic = new FakeOutcomeTopic();
  const breakage = (ports: CrashingPorts): CrashingPorts => telling(ports, topic);
  const run = await play(scenario, { kills, breakage });
  return { run, events: topic.events };
}

/** The ledger’s records pass through the production code; a process that dies in the ledger never comes to the topic. */
function telling(ports: CrashingPorts, topic: FakeOutcomeTopic): CrashingPorts {
  const clock = new FakeClock();
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  return {
    ...ports,
    ledger: {
      append: async (records) => {
        let fresh = records;
        const log = {
          record: async () => void (fresh = await ports.ledger.append(records)),
          note: () => undefined,
          flush: async () => undefined,
        };
        const queue = new FakeOutcomeQueue(clock);
        await auditWithOutcomes(log, { topic, queue, clock, logger, backoffBaseSeconds: 10 }).record(records);
        return fresh;
      },
    },
  };
}

/**
 * The one exception: a decision that no row kept, because its process died, and that the next review made otherwise, under
 * another policy, or not at all, because the connection is gone. Nothing was ever done about it.
 */
function untold({ run, events }: Told): string[] {
  const told = new Set(events.map(({ id }) => id));
  const outcomes = run.world.ledger.records.flatMap((record) => outcomeFrom(record) ?? []);
  const isReplaced = ({ type, subject }: OutcomeEvent, index: number): boolean =>
    type === 'Postern.Connection.Decided' &&
    outcomes
      .slice(index + 1)
      .some((requeued) => requeued.type === type && requeued.subject === subject && told.has(requeued.id));
  const { arm, operations } = run.world;
  const known = [...arm.all().map(({ id }) => id), ...operations.rows().map(({ connection }) => connection)];
  const isGone = ({ type, subject }: OutcomeEvent): boolean =>
    type === 'Postern.Connection.Decided' && !known.some(({ id }) => id === subject);
  return outcomes
    .filter((event, index) => !told.has(event.id) && !isReplaced(event, index) && !isGone(event))
    .map(({ type, subject }) => `${type} of ${subject}`);
}

const isOfTheLedger = (run: Run, { at }: Kill): boolean => /recorded/.test(run.calls[at - 1]?.step ?? '');

test('an undisturbed run tells of every outcome on record once', async () => {
  for (const scenario of scenarios) {
    const told = await playTelling(scenario);
    expect([scenario.name, untold(told)]).toEqual([scenario.name, []]);
    const ids = told.events.map(({ id }) => id);
    expect([scenario.name, ids]).toEqual([scenario.name, [...new Set(ids)]]);
  }
});

test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
  'while %s: killed between the ledger and the topic, every outcome on record is told of all the same',
  async (_, scenario) => {
    const { run } = await playTelling(scenario);
    for (const kill of killsOf(run).filter((each) => isOfTheLedger(run, each))) {
      const told = await playTelling(scenario, [kill]);
      expect([kill, untold(told)]).toEqual([kill, []]);
    }
  },
  120_000,
);
