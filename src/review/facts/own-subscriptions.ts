import { type Clock, isYoung } from '../../base/clock';
import { lower } from '../../base/compare';
import { describeError, isUnreadable } from '../../base/errors';
import type { Logger } from '../../base/logger';
import type { SubscriptionDetails, SubscriptionReader } from '../../connections/subscription-reader';

/** Knows the subscriptions that the identity may read, with one query for all of them. */
export interface OwnSubscriptions {
  /**
   * Resolves to what is known about a subscription, at most a quarter of an hour old; `undefined` for one that the
   * identity may not read, which proves nothing. Its tenant may be another one: with Azure Lighthouse, customers'
   * subscriptions are among them.
   * @throws ArmError
   */
  find(subscriptionId: string): Promise<SubscriptionDetails | undefined>;
}

/** The age at which the list of subscriptions is read again. */
const maxAgeSeconds = 15 * 60;

/** Creates the source of subscriptions. They are read when the first one is wanted, and kept for a while. */
export function createOwnSubscriptions({
  subscriptions,
  clock,
  logger,
}: {
  readonly subscriptions: SubscriptionReader;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
}): OwnSubscriptions {
  let known: { readonly readAt: string; readonly byId: ReadonlyMap<string, SubscriptionDetails> } | undefined;
  let reading: Promise<ReadonlyMap<string, SubscriptionDetails>> | undefined;

  /** A refusal is an answer, too: the identity may read no subscription, and need not ask again at once. */
  async function list(): Promise<readonly SubscriptionDetails[]> {
    try {
      return await subscriptions.list();
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      logger.warn(
        `Subscriptions could not be listed, and facts about them stay absent. ${describeError(error)}`,
      );
      return [];
    }
  }

  async function read(): Promise<ReadonlyMap<string, SubscriptionDetails>> {
    const readAt = clock.now().toISOString();
    const byId = new Map((await list()).map((details) => [details.subscriptionId, details]));
    known = { readAt, byId };
    return byId;
  }

  return {
    async find(subscriptionId) {
      if (known !== undefined && isYoung(known.readAt, maxAgeSeconds, clock.now()))
        return known.byId.get(lower(subscriptionId));
      reading ??= read().finally(() => (reading = undefined));
      return (await reading).get(lower(subscriptionId));
    },
  };
}
