import { sanitize } from '../../base/text';
import { describeError, isStorageError } from '../../base/errors';
import type { Logger } from '../../base/logger';
import { abandonOperation, type AbandonPorts } from '../../operations/abandon-operation';
import { abandonMessage } from './abandon-message';

/** The ports of `createOnAbandoned`. */
export interface OnAbandonedPorts extends AbandonPorts {
  /** The use cases for which the messages were meant, as their queues call them. */
  readonly reviewTarget: (message: unknown) => Promise<void>;
  readonly pollOperation: (message: unknown) => Promise<void>;
  readonly logger: Logger;
}

/**
 * The handlers of messages in the poison queues. `deliveries`: how many times the poison queue has
 * delivered the message, 1 at first.
 */
export interface OnAbandoned {
  /** Handles a review request. */
  review(message: unknown, deliveries: number): Promise<void>;
  /** Handles an operation alarm. */
  operation(message: unknown, deliveries: number): Promise<void>;
}

/**
 * Creates the handlers of poison messages. Each message is tried once more, so that nothing is
 * abandoned because of an error that has passed. If it fails again, the operation is ended or the
 * message is recorded, with the cause.
 * @throws (the returned functions) a storage error while storage is unavailable: the message is
 *   then delivered again.
 */
export function createOnAbandoned(ports: OnAbandonedPorts): OnAbandoned {
  const { reviewTarget, pollOperation } = ports;
  return {
    async review(message, deliveries) {
      const cause = await causeOf(ports, deliveries, () => reviewTarget(message));
      if (cause !== undefined) await abandonMessage(ports, message, cause);
    },
    async operation(message, deliveries) {
      const cause = await causeOf(ports, deliveries, () => pollOperation(message));
      if (cause === undefined) return;
      const isRecorded = await abandonOperation(ports, message, cause);
      if (!isRecorded) await abandonMessage(ports, message, cause);
    },
  };
}

/**
 * The last delivery. The poison queue delivers a message five times, ten minutes apart; the last
 * time, the message is recorded instead of tried.
 */
const lastDelivery = 5;

/**
 * Tries the work and returns why it cannot be done; `undefined` if it succeeded or was queued
 * again.
 * @throws a storage error while storage is unavailable: the message is then delivered again.
 */
async function causeOf(
  { logger }: OnAbandonedPorts,
  deliveries: number,
  work: () => Promise<void>,
): Promise<string | undefined> {
  if (deliveries >= lastDelivery) return 'every attempt crashed or timed out';
  try {
    await work();
    logger.info('Retry of a poisoned message succeeded or was requeued');
    return undefined;
  } catch (error) {
    if (isStorageError(error)) throw error;
    return sanitize(describeError(error), longestCause);
  }
}

const longestCause = 500;
