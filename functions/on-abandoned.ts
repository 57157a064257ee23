import { app, type InvocationContext } from '@azure/functions';
import { messageFrom } from './queue-message';
import { invocationFrom, postern } from './worker';

/**
 * Handles a review request that failed five times: tries it again, and records it as abandoned if
 * it still fails.
 */
export async function onAbandonedReview(message: unknown, context: InvocationContext): Promise<void> {
  await postern.abandonReview(messageFrom(message), invocationFrom(context));
}

/**
 * Handles an operation alarm that failed five times: polls again, and records the operation as
 * abandoned if that still fails.
 */
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
