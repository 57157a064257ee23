import { app, type InvocationContext, type Timer } from '@azure/functions';
import { sweepSchedule } from '../src/app';
import { invocationFrom, postern } from './worker';

/** Searches for connections that events missed and queues reviews of their targets. */
export async function sweep(_timer: Timer, context: InvocationContext): Promise<void> {
  await postern.sweep(invocationFrom(context));
}

app.timer('sweep', { schedule: sweepSchedule(), handler: sweep });
