import { app, type InvocationContext } from '@azure/functions';
import { messageFrom } from './queue-message';
import { invocationFrom, postern } from './worker';

/** Takes one review request from the queue and reviews its target. */
export async function reviewTarget(message: unknown, context: InvocationContext): Promise<void> {
  await postern.reviewTarget(messageFrom(message), invocationFrom(context));
}

app.storageQueue('reviewTarget', {
  queueName: 'reviews',
  connection: 'AzureWebJobsStorage',
  handler: reviewTarget,
});
