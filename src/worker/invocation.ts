import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger } from '../base/logger';

/** What the app needs from an invocation: the logger, the trace id and the delivery count. */
export interface Invocation {
  readonly logger: Logger;
  /** 32 hexadecimal digits (W3C); absent if the host gave none. */
  readonly traceId: string | undefined;
  /** How many times the queue has delivered the message, 1 at first; absent without a queue. */
  readonly deliveries?: number | undefined;
}

/** The current invocation, carried through asynchronous calls. */
export interface InvocationScope {
  /** Logs to the current invocation, or to the console outside of one. */
  readonly logger: Logger;
  /** Runs `work` with `invocation` as the current one. */
  run<T>(invocation: Invocation, work: () => Promise<T>): Promise<T>;
}

/**
 * Creates the scope that routes log lines. The app is built once per worker, but each line belongs
 * to the invocation that caused it.
 */
export function createInvocationScope(): InvocationScope {
  const storage = new AsyncLocalStorage<Invocation>();
  const present = (): Logger => storage.getStore()?.logger ?? console;
  return {
    logger: {
      info: (message) => present().info(message),
      warn: (message) => present().warn(message),
      error: (message) => present().error(message),
    },
    run: (invocation, work) => storage.run(invocation, work),
  };
}
