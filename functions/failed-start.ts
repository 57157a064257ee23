import { app } from '@azure/functions';

/**
 * Registers two functions that fail with the load error, in place of Postern's own. The timer
 * reports the error every minute. The Event Grid function rejects each event, so that Event Grid
 * redelivers it for a day and none is lost. Queue messages stay in their queues. This file is a
 * bundle of its own, so that no file that may be broken is needed for it.
 * @throws `cause` if some of Postern's own functions are already registered: the host then fails
 *   visibly by itself.
 */
export function registerFailedStart(cause: unknown): void {
  const detail = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  const problem = `Postern did not load, so it answers no requests. Deploy a complete package that was built for the Node.js version of the app. ${detail}`;
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
