import { describeError } from '../../base/errors';
import type { Logger } from '../../base/logger';
import { withSafeHeaders } from './headers';
import { ConsoleError, type ConsoleReply, errorReply } from './message';

/**
 * Resolves as `answer` does. If it fails, for example because a setting is invalid, logs why and resolves to
 * an error reply with the headers that every answer carries: the host's own would have none of them.
 */
export async function answerSafely(
  logger: Logger,
  answer: () => Promise<ConsoleReply>,
): Promise<ConsoleReply> {
  try {
    return await answer();
  } catch (error) {
    logger.error(`Console: ${describeError(error)}`);
    const failed = new ConsoleError('INTERNAL', 'Something failed in the app. Its log says what.');
    return withSafeHeaders(errorReply(failed), undefined);
  }
}
