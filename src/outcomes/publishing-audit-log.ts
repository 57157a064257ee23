import type { AuditLog } from '../audit/audit-log';
import type { Clock } from '../base/clock';
import type { Logger } from '../base/logger';
import { outcomeFrom, type OutcomeEvent } from './outcome-event';
import { batchesOf, putAside, type OutcomeQueue } from './outcome-queue';
import type { OutcomeTopic } from './outcome-topic';

/** The ports of `auditWithOutcomes`. */
export interface OutcomePorts {
  readonly topic: OutcomeTopic;
  readonly queue: OutcomeQueue;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The first step of the back-off while the topic is unavailable. */
  readonly backoffBaseSeconds: number;
  /** Address of the console, for links to what is held; absent: there is no console. */
  readonly consoleUrl?: string | undefined;
}

/** The bytes per batch: half of what Event Grid accepts at once. */
const batchBytes = 512 * 1024;
/**
 * How long events go straight into the queue after a failure of the topic, in first steps of the
 * back-off.
 */
const restUnits = 3;

/**
 * Wraps an audit log so that it also publishes decisions and ends before `record` resolves: to the
 * topic, or into the queue if the topic does not accept them. Every record passed to `record` is
 * published, even one that the ledger already has, because the process that wrote it may have died
 * before publishing. So each is published at least once, and rarely twice.
 * `record` @throws PosternError LEDGER_UNAVAILABLE; STORE_UNAVAILABLE if topic and queue are both
 * unavailable.
 */
export function auditWithOutcomes(audit: AuditLog, ports: OutcomePorts): AuditLog {
  const publish = createPublish(ports);
  return {
    async record(records) {
      await audit.record(records);
      await publish(records.flatMap((record) => outcomeFrom(record, ports.consoleUrl) ?? []));
    },
    note: (records) => audit.note(records),
    flush: () => audit.flush(),
  };
}

function createPublish(ports: OutcomePorts): (events: readonly OutcomeEvent[]) => Promise<void> {
  const { topic, queue, clock, logger, backoffBaseSeconds } = ports;
  let restsUntilMs = Number.NEGATIVE_INFINITY;
  return async (events) => {
    const unpublished = [...events];
    let delay = Math.ceil((restsUntilMs - clock.monotonicMs()) / 1000);
    while (unpublished.length > 0 && delay <= 0) {
      const [batch = []] = batchesOf(unpublished, batchBytes);
      const publication = await topic.publish(batch);
      if (publication.kind === 'taken') {
        unpublished.splice(0, batch.length);
        continue;
      }
      const { kind, problem } = publication;
      logger.warn(`The topic ${kind === 'away' ? 'is unavailable' : 'refused'}: ${problem}`);
      delay = Math.max(backoffBaseSeconds, (kind === 'away' && publication.retryAfterSeconds) || 0);
      if (kind === 'away') restsUntilMs = clock.monotonicMs() + restUnits * backoffBaseSeconds * 1000;
    }
    if (unpublished.length === 0) return;
    logger.info(`${unpublished.length} outcome events are published in ${delay} s or later`);
    await putAside(queue, unpublished, delay);
  };
}
