import { app, type InvocationContext } from '@azure/functions';
import { hasEventTopic } from '../src/app';
import { messageFrom } from './queue-message';
import { invocationFrom, postern } from './worker';

/** Publishes outcome events that the topic did not accept at once. */
export async function tellOutcome(message: unknown, context: InvocationContext): Promise<void> {
  await postern.tellOutcome(messageFrom(message), invocationFrom(context));
}

// Without a topic the function is not registered, and nothing is put into the queue.
if (hasEventTopic()) {
  app.storageQueue('tellOutcome', {
    queueName: 'outcomes',
    connection: 'AzureWebJobsStorage',
    handler: tellOutcome,
  });
}
