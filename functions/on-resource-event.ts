import { app, type InvocationContext } from '@azure/functions';
import { invocationFrom, postern } from './worker';

/** Queues a review of each target that an event from Event Grid points to. */
export async function onResourceEvent(event: unknown, context: InvocationContext): Promise<void> {
  await postern.takeEvent(event, invocationFrom(context));
}

app.eventGrid('onResourceEvent', { handler: onResourceEvent });
