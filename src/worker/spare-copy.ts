import type { Cancel, Clock } from '../base/clock';
import { describeError } from '../base/errors';
import type { HiddenMessage } from '../base/hidden-message';
import type { Logger } from '../base/logger';

/** A queue that accepts hidden copies of its messages. */
export interface SpareQueue {
  /**
   * Puts a message that stays hidden for `hiddenSeconds`.
   * @throws PosternError STORE_UNAVAILABLE, MESSAGE_INVALID
   */
  putSpare(message: unknown, hiddenSeconds: number): Promise<HiddenMessage>;
}

/** A message as its queue delivered it. */
export interface Delivery {
  readonly queue: SpareQueue;
  readonly message: unknown;
  /** How many times the queue has delivered it, 1 at first. */
  readonly deliveries: number;
}

/**
 * Times in seconds. The copy must not become visible before the target lease of a dead process has
 * expired.
 */
export interface SpareTimes {
  readonly hidden: number;
  readonly renewEvery: number;
}

/** The times used in production. */
export const defaultSpareTimes: SpareTimes = { hidden: 40, renewEvery: 5 };

/**
 * The most copies of a message, so that one that crashes the process each time does not multiply.
 */
const mostSpares = 2;

/** Runs the work of a message while a hidden copy of the message lies in the same queue. */
export type WithSpareCopy = (delivery: Delivery, work: (message: unknown) => Promise<void>) => Promise<void>;

/**
 * Creates a wrapper that protects the work of a message with a hidden copy in the same queue. The
 * host locks a message for ten minutes, and a host that stops does not release what it interrupts;
 * the copy becomes visible within a minute, however the process ended. Work may therefore be done
 * twice: every message is safe to process twice. When the work has ended, successfully or not, the
 * copy is deleted: the host itself returns a message whose work failed to the queue.
 */
export function createWithSpareCopy(
  { logger, clock }: Pick<Keeper, 'logger' | 'clock'>,
  times: SpareTimes = defaultSpareTimes,
): WithSpareCopy {
  return async (delivery, work) => {
    const { message, spares } = unwrap(delivery.message);
    // A redelivered message was returned to the queue: its first delivery made a copy.
    if (message === undefined || delivery.deliveries > 1 || spares >= mostSpares) {
      return work(message ?? delivery.message);
    }
    const keeping = keep({ logger, clock, times, queue: delivery.queue }, { ...message, spares: spares + 1 });
    try {
      await work(message);
    } finally {
      await keeping.end();
    }
  };
}

/**
 * Returns the message without its copy count; `undefined` for a value that is not an object, which
 * no work can use.
 */
function unwrap(given: unknown): { readonly message: object | undefined; readonly spares: number } {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return { message: undefined, spares: 0 };
  const { spares, ...message } = given as { spares?: unknown };
  return { message, spares: typeof spares === 'number' && spares > 0 ? spares : 0 };
}

interface Keeper {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly times: SpareTimes;
  readonly queue: SpareQueue;
}

/**
 * Keeps a hidden copy until `end` is called. If that fails, the work goes on: a process that dies
 * then costs ten minutes, and nothing else.
 */
function keep({ logger, clock, times, queue }: Keeper, message: object): { end(): Promise<void> } {
  const failed = (error: unknown): undefined => {
    logger.warn(
      `The spare copy of a message could not be stored, renewed or deleted. ${describeError(error)}`,
    );
    return undefined;
  };
  const putting = queue.putSpare(message, times.hidden).catch(failed);
  let renewing: Promise<unknown> = putting;
  let cancel: Cancel;
  const renewLater = (): void => {
    cancel = clock.after(times.renewEvery * 1000, renew, { isBackground: true });
  };
  const renew = (): void => {
    renewing = renewing
      .then(() => putting)
      .then((copy) => copy?.hide(times.hidden))
      .catch(failed);
    renewLater();
  };
  renewLater();
  return {
    async end() {
      cancel();
      await renewing;
      const copy = await putting;
      await copy?.remove().catch(failed);
    },
  };
}
