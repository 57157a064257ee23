import { app, type InvocationContext } from '@azure/functions';
import { messageFrom } from './queue-message';
import { invocationFrom, postern } from './worker';

/** What failed five times is told of: never silence. */
export async function onAbandonedReview(message: unknown, context: InvocationContext): Promise<void> {
  await postern.abandonReview(messageFrom(message), invocationFrom(context));
}

export async function onAbandonedOperation(message: unknown, context: InvocationContext): Promise<void> {
  await postern.abandonOperation(messageFrom(message), invocationFrom(context));
}

const connection = 'AzureWebJobsStorage';
app.storageQueue('onAbandonedReview', {
  queueName: 'reviews-poison',
  connection,
  handler: onAbandonedReview,
});
app.storageQueue('onAbandonedOperation', {
  queueName: 'operations-poison',
  connection,
  handler: onAbandonedOperation,
});
