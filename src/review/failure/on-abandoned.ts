import { sanitize } from '../../base/text';
import { describeError, isStorageError } from '../../base/errors';
import type { Logger } from '../../base/logger';
import { abandonOperation, type AbandonPorts } from '../../operations/abandon-operation';
import { abandonMessage } from './abandon-message';

export interface OnAbandonedPorts extends AbandonPorts {
  /** The use cases that the messages were for, as their queues call them. */
  readonly reviewTarget: (message: unknown) => Promise<void>;
  readonly pollOperation: (message: unknown) => Promise<void>;
  readonly logger: Logger;
}

/**
 * What failed again and again is tried once more: a trouble that has passed meanwhile abandons nothing, and one that
 * has not is told of with its cause. `deliveries`: how often the poison queue has delivered the message, 1 at first.
 */
export interface OnAbandoned {
  review(message: unknown, deliveries: number): Promise<void>;
  operation(message: unknown, deliveries: number): Promise<void>;
}

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

/** The poison queue delivers a message five times, ten minutes apart; the last time is for telling, not for trying. */
const lastDelivery = 5;

/** Why it cannot be done; `undefined` when it was, or was put back. @throws while storage is away: it comes again. */
async function causeOf(
  { logger }: OnAbandonedPorts,
  deliveries: number,
  work: () => Promise<void>,
): Promise<string | undefined> {
  if (deliveries >= lastDelivery) return 'its tries came to no end: the process died, or the time ran out';
  try {
    await work();
    logger.info('What had failed again and again was done this time, or put back');
    return undefined;
  } catch (error) {
    if (isStorageError(error)) throw error;
    return sanitize(describeError(error), longestCause);
  }
}

const longestCause = 500;
