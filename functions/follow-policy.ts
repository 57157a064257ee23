import { app, type InvocationContext, type Timer } from '@azure/functions';
import { invocationFrom, postern } from './worker';

/** Is there a new policy? Then what was decided by the old one is looked at again. */
export async function followPolicy(_timer: Timer, context: InvocationContext): Promise<void> {
  await postern.followPolicy(invocationFrom(context));
}

/**
 * A policy that changes all the time causes at most a sweep a minute. At second 30, because sweeps begin at second 0: where
 * nothing has been swept yet, both would sweep.
 */
app.timer('followPolicy', { schedule: '30 * * * * *', handler: followPolicy });
