import { app, type InvocationContext } from '@azure/functions';
import { invocationFrom, postern } from './worker';

/** Event Grid says that something happened: which targets are worth a review? */
export async function onResourceEvent(event: unknown, context: InvocationContext): Promise<void> {
  await postern.takeEvent(event, invocationFrom(context));
}

app.eventGrid('onResourceEvent', { handler: onResourceEvent });
