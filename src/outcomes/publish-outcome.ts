import { PosternError } from '../base/errors';
import type { Logger } from '../base/logger';
import { backoffSeconds } from '../operations/retry';
import { parseOutcomeMessage, type OutcomeMessage, type OutcomeQueue } from './outcome-queue';
import type { OutcomeTopic, Publication } from './outcome-topic';

/** The ports of `createPublishOutcome`. */
export interface PublishOutcomePorts {
  readonly topic: OutcomeTopic;
  readonly queue: OutcomeQueue;
  readonly logger: Logger;
  /** The first step of the back-off while the topic is unavailable. */
  readonly backoffBaseSeconds: number;
}

/** Publishes the outcome events of one queue message. */
export type PublishOutcome = (message: unknown) => Promise<void>;

const longestBackoffSeconds = 15 * 60;
/** The most attempts; with the back-off above, they take a day. */
const mostAttempts = 100;
/** The delays after each refusal. A newly assigned role may take minutes to become effective. */
const refusalDelaysSeconds = [60, 5 * 60, 15 * 60, 30 * 60];

/**
 * Creates the publisher of events that the topic did not accept at once. While the topic is
 * unavailable, the message is queued again for about a day. If the topic refuses events, the
 * message is queued again a few times only, because a missing role or a firewall may be fixed
 * meanwhile.
 * @throws (the returned function) PosternError OUTCOME_REFUSED once all attempts are used: after
 *   five of these the message is poison.
 */
export function createPublishOutcome(ports: PublishOutcomePorts): PublishOutcome {
  return async (message) => {
    const pending = parseOutcomeMessage(message);
    const publication = await ports.topic.publish(pending.events);
    switch (publication.kind) {
      case 'taken':
        return;
      case 'away':
        return publishLater(ports, pending, publication);
      case 'refused':
        return afterRefusal(ports, pending, publication);
    }
  };
}

async function publishLater(
  { queue, logger, backoffBaseSeconds }: PublishOutcomePorts,
  pending: OutcomeMessage,
  { problem, retryAfterSeconds = 0 }: Extract<Publication, { kind: 'away' }>,
): Promise<void> {
  if (pending.attempt >= mostAttempts) throw givenUp(pending, `it was unavailable for a day: ${problem}`);
  const backoff = backoffSeconds(pending.attempt, backoffBaseSeconds, longestBackoffSeconds);
  const wait = Math.max(backoff, retryAfterSeconds);
  logger.warn(
    `${pending.events.length} outcome events: published again in ${wait} s. The topic is unavailable: ${problem}`,
  );
  await queue.put({ ...pending, attempt: pending.attempt + 1 }, wait);
}

async function afterRefusal(
  { queue, logger }: PublishOutcomePorts,
  pending: OutcomeMessage,
  { problem, httpStatus }: Extract<Publication, { kind: 'refused' }>,
): Promise<void> {
  const { events, refusals } = pending;
  const isAboutContent = httpStatus === 400 || httpStatus === 413;
  if (isAboutContent && events.length > 1) {
    // One invalid event must not block the others.
    logger.warn(
      `The topic refused ${events.length} outcome events; each one is published separately. ${problem}`,
    );
    for (const event of events) await queue.put({ ...pending, events: [event] }, 0);
    return;
  }
  const wait = refusalDelaysSeconds[refusals];
  if (isAboutContent || wait === undefined) throw givenUp(pending, `it refused: ${problem}`);
  logger.error(`The topic refused ${events.length} outcome events: published again in ${wait} s. ${problem}`);
  await queue.put({ ...pending, refusals: refusals + 1 }, wait);
}

function givenUp({ events }: OutcomeMessage, why: string): PosternError {
  const ids = events.slice(0, 5).map(({ id }) => id);
  const rest = events.length > ids.length ? ` and ${events.length - ids.length} more` : '';
  return new PosternError('OUTCOME_REFUSED', `The topic did not take ${ids.join(', ')}${rest}: ${why}`);
}
