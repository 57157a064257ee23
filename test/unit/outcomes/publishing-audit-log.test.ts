import { sampleRecord } from '../../../dev/lib/samples';
import { createAuditLog } from '../../../src/audit/audit-log';
import { describeError, PosternError } from '../../../src/base/errors';
import { createPublishOutcome } from '../../../src/outcomes/publish-outcome';
import { auditWithOutcomes } from '../../../src/outcomes/publishing-audit-log';
import {
  FakeClock,
  FakeLedger,
  FakeOutcomeQueue,
  FakeOutcomeTopic,
  FakeTelemetry,
} from '../../support/fakes';

function setUp() {
  const clock = new FakeClock();
  const topic = new FakeOutcomeTopic();
  const queue = new FakeOutcomeQueue(clock);
  const ledger = new FakeLedger();
  const telemetry = new FakeTelemetry();
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const logger = { info: log, warn: log, error: log };
  const options = { topic, queue, clock, logger, backoffBaseSeconds: 10 };
  const audit = auditWithOutcomes(createAuditLog({ ledger, telemetry, logger: options.logger }), options);
  const tellOutcome = createPublishOutcome(options);
  const poison: string[] = [];
  /** Delivers what comes due within `seconds`; what fails once counts as poison here. */
  const run = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      clock.advance(1);
      for (const message of queue.takeDue()) {
        await tellOutcome(JSON.parse(JSON.stringify(message))).catch((error: unknown) => {
          poison.push(describeError(error));
        });
      }
    }
  };
  return { clock, topic, queue, ledger, telemetry, lines, audit, tellOutcome, poison, run };
}

const away = { kind: 'away', problem: 'HTTP 503' } as const;
const refused = (httpStatus: number) =>
  ({ kind: 'refused', problem: `HTTP ${httpStatus}`, httpStatus }) as const;
const decided = (id: string) => sampleRecord({ id, operation: undefined });
const idsOf = (records: readonly { id: string }[]): string[] => records.map(({ id }) => id);

test('what was decided together is told together, after the ledger has it', async () => {
  const { audit, topic, ledger, queue } = setUp();
  topic.answer = () => {
    expect(ledger.records).toHaveLength(3);
    return { kind: 'taken' };
  };
  await audit.record([decided('a'), sampleRecord({ id: 'f', kind: 'found' }), decided('b')]);
  expect(topic.batches.map(idsOf)).toEqual([['a', 'b']]);
  expect(queue.history).toEqual([]);
});

test('records that tell of no outcome cost no call', async () => {
  const { audit, topic } = setUp();
  await audit.record([sampleRecord({ kind: 'swept' })]);
  audit.note([decided('noted')]);
  expect(topic.calls).toBe(0);
});

test('while the ledger is away nothing is told', async () => {
  const { audit, topic, ledger } = setUp();
  ledger.append = () => Promise.reject(new PosternError('LEDGER_UNAVAILABLE', 'no'));
  await expect(audit.record([decided('a')])).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  expect(topic.calls).toBe(0);
});

test('a record that the ledger has already is told of again: its writer may have died before it told', async () => {
  const { audit, topic, telemetry } = setUp();
  await audit.record([decided('a')]);
  await audit.record([decided('a')]);
  expect(idsOf(topic.events)).toEqual(['a', 'a']);
  expect(idsOf(telemetry.emitted)).toEqual(['a']);
});

test('while the topic is away, events wait in the queue, come later, and hold nobody up', async () => {
  const { audit, topic, queue, run } = setUp();
  topic.answer = () => away;
  await audit.record([decided('a'), decided('b')]);
  expect(queue.pending).toMatchObject([{ delaySeconds: 10, message: { attempt: 0, refusals: 0 } }]);
  await run(200);
  expect(queue.history.map(({ delaySeconds }) => delaySeconds)).toEqual([10, 10, 20, 40, 80, 160]);
  topic.answer = () => ({ kind: 'taken' });
  await run(200);
  expect(idsOf(topic.events)).toEqual(['a', 'b']);
  expect(queue.pending).toEqual([]);
});

test('after a failure the topic has half a minute of rest: what comes goes straight into the queue', async () => {
  const { audit, topic, queue, clock } = setUp();
  topic.answer = () => away;
  await audit.record([decided('a')]);
  clock.advance(10);
  await audit.record([decided('b')]);
  expect(topic.calls).toBe(1);
  expect(queue.pending.map(({ delaySeconds }) => delaySeconds)).toEqual([10, 20]);
  clock.advance(20);
  topic.answer = () => ({ kind: 'taken' });
  await audit.record([decided('c')]);
  expect(idsOf(topic.events)).toEqual(['c']);
});

test('events wait as long as the topic asks for', async () => {
  const { audit, topic, queue } = setUp();
  topic.answer = () => ({ ...away, retryAfterSeconds: 120 });
  await audit.record([decided('a')]);
  expect(queue.pending[0]?.delaySeconds).toBe(120);
});

test('when topic and queue are both away, the record fails as it does while storage is away', async () => {
  const { audit, topic, queue } = setUp();
  topic.answer = () => away;
  queue.failNext(new PosternError('STORE_UNAVAILABLE', 'storage is away'));
  await expect(audit.record([decided('a')])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
});

test('thousands of decisions are told in batches that the topic takes, or wait in messages that the queue takes', async () => {
  const { audit, topic, queue, run } = setUp();
  const records = Array.from({ length: 2_000 }, (_, index) => decided(`r${index}`));
  let calls = 0;
  topic.answer = () => ((calls += 1) === 2 ? away : { kind: 'taken' });
  await audit.record(records);
  expect(topic.batches).toHaveLength(1);
  expect(Buffer.byteLength(JSON.stringify(topic.batches[0]))).toBeLessThan(1024 * 1024);
  expect(queue.history.length).toBeGreaterThan(5);
  await run(60);
  expect(idsOf(topic.events).toSorted()).toEqual(idsOf(records).toSorted());
});

describe('what the topic refuses', () => {
  test('for its content is told one by one, and only the bad one makes poison', async () => {
    const { audit, topic, queue, run, poison } = setUp();
    topic.answer = (events) => (events.some(({ id }) => id === 'bad') ? refused(400) : { kind: 'taken' });
    await audit.record([decided('a'), decided('bad'), decided('b')]);
    await run(12);
    expect(poison).toEqual(['OUTCOME_REFUSED: The topic did not take bad: it refused: HTTP 400']);
    expect(idsOf(topic.events).toSorted()).toEqual(['a', 'b']);
    expect(queue.pending).toEqual([]);
  });

  test('for want of a role comes again a few times within the hour, then makes poison', async () => {
    const { audit, topic, queue, run, poison, lines } = setUp();
    topic.answer = () => refused(403);
    await audit.record([decided('a'), decided('b')]);
    await run(3_600);
    expect(poison).toEqual(['OUTCOME_REFUSED: The topic did not take a, b: it refused: HTTP 403']);
    expect(queue.history.map(({ delaySeconds }) => delaySeconds)).toEqual([10, 60, 300, 900, 1_800]);
    expect(lines.filter((line) => line.includes('HTTP 403'))).toHaveLength(5);
  });

  test('is told after all once the role is there', async () => {
    const { audit, topic, run } = setUp();
    topic.answer = () => refused(403);
    await audit.record([decided('a')]);
    await run(100);
    topic.answer = () => ({ kind: 'taken' });
    await run(400);
    expect(idsOf(topic.events)).toEqual(['a']);
  });
});

test('a topic that stays away for a day is no endless loop', async () => {
  const { audit, topic, queue, run, poison } = setUp();
  topic.answer = () => away;
  await audit.record([decided('a')]);
  await run(20 * 3_600);
  expect(poison).toEqual([]);
  await run(10 * 3_600);
  expect(poison).toHaveLength(1);
  expect(queue.pending).toEqual([]);
});

test('a message that nobody can read makes poison', async () => {
  const { tellOutcome, topic } = setUp();
  await expect(tellOutcome('{}')).rejects.toMatchObject({ code: 'MESSAGE_INVALID' });
  expect(topic.calls).toBe(0);
});
