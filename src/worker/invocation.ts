import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger } from '../base/logger';

/** What the app needs of an invocation: where to log, and the trace that it belongs to. */
export interface Invocation {
  readonly logger: Logger;
  /** 32 hexadecimal digits (W3C); absent when the host gave none. */
  readonly traceId: string | undefined;
  /** How often its queue has delivered the message, 1 at first; absent where there is no queue. */
  readonly deliveries?: number | undefined;
}

export interface InvocationScope {
  /** Logs to the present invocation, or to the console outside of one. */
  readonly logger: Logger;
  run<T>(invocation: Invocation, work: () => Promise<T>): Promise<T>;
}

/** The app is built once per worker, but each line belongs to the invocation that caused it. */
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
