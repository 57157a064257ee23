// Stands in for `src/worker/invocation.ts` in the bundle of the explorer. Each simulated worker has one logger,
// so that no line has to be followed to its invocation, which costs a quarter of a run.
import type { Invocation, InvocationScope } from '../../../src/worker/invocation';

export type { Invocation, InvocationScope };

export function createInvocationScope(): InvocationScope {
  let logger: Invocation['logger'] = console;
  return {
    logger: {
      info: (message) => logger.info(message),
      warn: (message) => logger.warn(message),
      error: (message) => logger.error(message),
    },
    run: (invocation, work) => {
      logger = invocation.logger;
      return work();
    },
  };
}
