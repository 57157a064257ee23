import { app } from '@azure/functions';

/**
 * Registers, instead of Postern's functions, two that fail with what kept it from loading: a timer, so that it is told of
 * each minute, and the one that Event Grid calls, so that no event is lost: it comes again for a day. The queues are left
 * alone, and what waits in them waits. Stands in a bundle of its own: no file that may be broken is needed for it.
 * @throws `cause` when some of Postern's own functions are registered: then the host fails loudly by itself.
 */
export function registerFailedStart(cause: unknown): void {
  const detail = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  const problem = `Postern did not load, so nobody is answered. Deploy a whole package, for the Node.js version that the app has. ${detail}`;
  console.error(problem);
  const fail = (): never => {
    throw new Error(problem, { cause });
  };
  try {
    app.eventGrid('onResourceEvent', { handler: fail });
  } catch {
    throw cause;
  }
  app.timer('failedStart', { schedule: '15 * * * * *', runOnStartup: true, handler: fail });
}
