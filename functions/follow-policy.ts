import { app, type InvocationContext, type Timer } from '@azure/functions';
import { invocationFrom, postern } from './worker';

/**
 * Starts a sweep if the policy in force is not the one of the last sweep, so that connections
 * decided by the old policy are reviewed again.
 */
export async function followPolicy(_timer: Timer, context: InvocationContext): Promise<void> {
  await postern.followPolicy(invocationFrom(context));
}

/**
 * A policy that changes constantly causes at most one sweep a minute. The timer fires at second 30
 * because sweeps begin at second 0: before the first sweep has finished, both would sweep.
 */
app.timer('followPolicy', { schedule: '30 * * * * *', handler: followPolicy });
