import { app, type InvocationContext } from '@azure/functions';
import { hasEventTopic } from '../src/app';
import { messageFrom } from './queue-message';
import { invocationFrom, postern } from './worker';

/** What the topic did not take at once. */
export async function tellOutcome(message: unknown, context: InvocationContext): Promise<void> {
  await postern.tellOutcome(messageFrom(message), invocationFrom(context));
}

// Without a topic nobody reads the queue, and nothing is put into it.
if (hasEventTopic()) {
  app.storageQueue('tellOutcome', {
    queueName: 'outcomes',
    connection: 'AzureWebJobsStorage',
    handler: tellOutcome,
  });
}
