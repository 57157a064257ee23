import { app, type InvocationContext, type Timer } from '@azure/functions';
import { invocationFrom, postern } from './worker';

/** Is there a new policy? Then what was decided by the old one is looked at again. */
export async function followPolicy(_timer: Timer, context: InvocationContext): Promise<void> {
  await postern.followPolicy(invocationFrom(context));
}

/** A policy that changes all the time causes at most a sweep a minute. */
app.timer('followPolicy', { schedule: '0 * * * * *', handler: followPolicy });
