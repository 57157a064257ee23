import { describeError } from '../base/errors';
import type { Logger } from '../base/logger';

/** A queue that messages come from, as far as copies of them go into it. */
export interface SpareQueue {
  /** Puts a message that nobody sees for so many seconds. @throws PosternError STORE_UNAVAILABLE, MESSAGE_INVALID */
  putSpare(message: unknown, hiddenSeconds: number): Promise<SpareCopy>;
}

/** A message of ours that is still hidden. One that has come out and is gone, or in other hands, is no failure. */
export interface SpareCopy {
  /** Hides it for so many seconds from now on. @throws PosternError STORE_UNAVAILABLE */
  hide(seconds: number): Promise<void>;
  /** @throws PosternError STORE_UNAVAILABLE */
  remove(): Promise<void>;
}

export interface Delivery {
  readonly queue: SpareQueue;
  readonly message: unknown;
  /** How often the queue has delivered it, 1 at first. */
  readonly deliveries: number;
}

/** Times in seconds. The copy must not come out before the lease of a target that the dead process held has ended. */
export interface SpareTimes {
  readonly hidden: number;
  readonly renewEvery: number;
}

export const defaultSpareTimes: SpareTimes = { hidden: 40, renewEvery: 5 };

/** A message that ends the process each time must not become many. */
const mostSpares = 2;

/**
 * Does the work that a message asks for while a hidden copy of it lies in the same queue. The host locks a message for ten
 * minutes, and one that stops gives back nothing of what it cuts off; this copy comes out within a minute, however the
 * process ended. Work may so be done twice: every message is one that may come twice. When the work has ended, well or not,
 * the copy is removed: a message whose work failed is given back by the host.
 */
export type WithSpareCopy = (delivery: Delivery, work: (message: unknown) => Promise<void>) => Promise<void>;

export function createWithSpareCopy(
  { logger }: { readonly logger: Logger },
  times: SpareTimes = defaultSpareTimes,
): WithSpareCopy {
  return async (delivery, work) => {
    const { message, spares } = unwrap(delivery.message);
    // One that is delivered again has been given back: a copy was made the first time.
    if (message === undefined || delivery.deliveries > 1 || spares >= mostSpares) {
      return work(message ?? delivery.message);
    }
    const keeping = keep({ logger, times, queue: delivery.queue }, { ...message, spares: spares + 1 });
    try {
      await work(message);
    } finally {
      await keeping.end();
    }
  };
}

/** The message without our mark on it; `undefined` for what is no object, which no work can use. */
function unwrap(given: unknown): { readonly message: object | undefined; readonly spares: number } {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return { message: undefined, spares: 0 };
  const { spares, ...message } = given as { spares?: unknown };
  return { message, spares: typeof spares === 'number' && spares > 0 ? spares : 0 };
}

interface Keeper {
  readonly logger: Logger;
  readonly times: SpareTimes;
  readonly queue: SpareQueue;
}

/** Without a copy the work goes on: then a process that dies costs ten minutes, and nothing else. */
function keep({ logger, times, queue }: Keeper, message: object): { end(): Promise<void> } {
  const failed = (error: unknown): undefined => {
    logger.warn(`The spare copy of a message was not kept. ${describeError(error)}`);
    return undefined;
  };
  const putting = queue.putSpare(message, times.hidden).catch(failed);
  let renewing: Promise<unknown> = putting;
  const timer = setInterval(() => {
    renewing = renewing
      .then(() => putting)
      .then((copy) => copy?.hide(times.hidden))
      .catch(failed);
  }, times.renewEvery * 1000);
  timer.unref();
  return {
    async end() {
      clearInterval(timer);
      await renewing;
      const copy = await putting;
      await copy?.remove().catch(failed);
    },
  };
}
