import type { AuditLog } from '../audit/audit-log';
import type { Clock } from '../base/clock';
import type { Logger } from '../base/logger';
import { outcomeFrom, type OutcomeEvent } from './outcome-event';
import { batchesOf, putAside, type OutcomeQueue } from './outcome-queue';
import type { OutcomeTopic } from './outcome-topic';

export interface OutcomePorts {
  readonly topic: OutcomeTopic;
  readonly queue: OutcomeQueue;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The first step of the back-off while the topic is unavailable. */
  readonly backoffBaseSeconds: number;
}

/** Half of what Event Grid takes at once. */
const batchBytes = 512 * 1024;
/** After a failure nobody waits for the topic for that many steps of the back-off: what comes goes straight into the queue. */
const restUnits = 3;

/**
 * The same audit log, which also tells of decisions and ends before `record` resolves: to the topic, or into the queue
 * when the topic does not take them. Every record that is handed in is told of, also one that the ledger has already:
 * the process that wrote it may have died before it told. So each is told at least once, and seldom twice.
 * `record` @throws PosternError LEDGER_UNAVAILABLE, or STORE_UNAVAILABLE when topic and queue are both away.
 */
export function auditWithOutcomes(audit: AuditLog, ports: OutcomePorts): AuditLog {
  const tell = createPublish(ports);
  return {
    async record(records) {
      await audit.record(records);
      await tell(records.flatMap((record) => outcomeFrom(record) ?? []));
    },
    note: (records) => audit.note(records),
    flush: () => audit.flush(),
  };
}

function createPublish(ports: OutcomePorts): (events: readonly OutcomeEvent[]) => Promise<void> {
  const { topic, queue, clock, logger, backoffBaseSeconds } = ports;
  let restsUntilMs = Number.NEGATIVE_INFINITY;
  return async (events) => {
    const untold = [...events];
    let delay = Math.ceil((restsUntilMs - clock.monotonicMs()) / 1000);
    while (untold.length > 0 && delay <= 0) {
      const [batch = []] = batchesOf(untold, batchBytes);
      const publication = await topic.publish(batch);
      if (publication.kind === 'taken') {
        untold.splice(0, batch.length);
        continue;
      }
      const { kind, problem } = publication;
      logger.warn(`The topic ${kind === 'away' ? 'is away' : 'refused'}: ${problem}`);
      delay = Math.max(backoffBaseSeconds, (kind === 'away' && publication.retryAfterSeconds) || 0);
      if (kind === 'away') restsUntilMs = clock.monotonicMs() + restUnits * backoffBaseSeconds * 1000;
    }
    if (untold.length === 0) return;
    logger.info(`${untold.length} outcome events are told of in ${delay} s or later`);
    await putAside(queue, untold, delay);
  };
}
