import { PosternError } from '../base/errors';
import type { Logger } from '../base/logger';
import { backoffSeconds } from '../operations/retry';
import { parseOutcomeMessage, type OutcomeMessage, type OutcomeQueue } from './outcome-queue';
import type { OutcomeTopic, Publication } from './outcome-topic';

export interface PublishOutcomePorts {
  readonly topic: OutcomeTopic;
  readonly queue: OutcomeQueue;
  readonly logger: Logger;
  /** The first step of the back-off while the topic is unavailable. */
  readonly backoffBaseSeconds: number;
}

/**
 * Publishes what the topic did not take at once. While it is away the message is put back, for about a day; what it
 * refuses is put back a few times only, because a missing role or a firewall may be mended meanwhile.
 * @throws PosternError OUTCOME_REFUSED when patience ends: five of these make poison of the message.
 */
export type PublishOutcome = (message: unknown) => Promise<void>;

const longestBackoffSeconds = 15 * 60;
/** With the back-off above: a day. */
const mostAttempts = 100;
/** A role that was just assigned may take minutes until it is known. */
const refusalDelaysSeconds = [60, 5 * 60, 15 * 60, 30 * 60];

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
  if (pending.attempt >= mostAttempts) throw givenUp(pending, `it was away for a day: ${problem}`);
  const backoff = backoffSeconds(pending.attempt, backoffBaseSeconds, longestBackoffSeconds);
  const wait = Math.max(backoff, retryAfterSeconds);
  logger.warn(`${pending.events.length} outcome events: again in ${wait} s. The topic is away: ${problem}`);
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
    // One bad event must not take its neighbours along.
    logger.warn(`The topic refused ${events.length} outcome events, which are told one by one: ${problem}`);
    for (const event of events) await queue.put({ ...pending, events: [event] }, 0);
    return;
  }
  const wait = refusalDelaysSeconds[refusals];
  if (isAboutContent || wait === undefined) throw givenUp(pending, `it refused: ${problem}`);
  logger.error(`The topic refused ${events.length} outcome events: again in ${wait} s. ${problem}`);
  await queue.put({ ...pending, refusals: refusals + 1 }, wait);
}

function givenUp({ events }: OutcomeMessage, why: string): PosternError {
  const ids = events.slice(0, 5).map(({ id }) => id);
  const rest = events.length > ids.length ? ` and ${events.length - ids.length} more` : '';
  return new PosternError('OUTCOME_REFUSED', `The topic did not take ${ids.join(', ')}${rest}: ${why}`);
}
