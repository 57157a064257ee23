import { app, type InvocationContext } from '@azure/functions';
import { messageFrom } from './queue-message';
import { invocationFrom, postern } from './worker';

/** Polls one operation once. */
export async function pollOperation(message: unknown, context: InvocationContext): Promise<void> {
  await postern.pollOperation(messageFrom(message), invocationFrom(context));
}

app.storageQueue('pollOperation', {
  queueName: 'operations',
  connection: 'AzureWebJobsStorage',
  handler: pollOperation,
});
