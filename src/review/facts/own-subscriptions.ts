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

/** Lists all subscriptions at once, with the same query. */
export interface SubscriptionListing {
  /**
   * Resolves to all subscriptions that the identity may read, at most a quarter of an hour old.
   * @throws ArmError
   */
  read(): Promise<SubscriptionReading>;
}

/** All subscriptions, as they were read at one time. */
export interface SubscriptionReading {
  /** When the reading began, in ISO 8601. */
  readonly readAt: string;
  readonly all: readonly SubscriptionDetails[];
  /** Why the reading is not complete; absent if it is, as far as the identity may read. */
  readonly problem: string | undefined;
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
}): OwnSubscriptions & SubscriptionListing {
  let known: Known | undefined;
  let reading: Promise<Known> | undefined;

  /** A refusal is an answer, too: the identity may read no subscription, and need not ask again at once. */
  async function list(): Promise<Pick<SubscriptionReading, 'all' | 'problem'>> {
    let unreadable = 0;
    try {
      const all = await subscriptions.list(() => void (unreadable += 1));
      return {
        all,
        problem: unreadable === 0 ? undefined : `${unreadable} subscriptions could not be parsed`,
      };
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      const problem = describeError(error);
      logger.warn(`Subscriptions could not be listed, and facts about them stay absent. ${problem}`);
      return { all: [], problem };
    }
  }

  async function readAnew(): Promise<Known> {
    const readAt = clock.now().toISOString();
    const { all, problem } = await list();
    known = { readAt, all, problem, byId: new Map(all.map((details) => [details.subscriptionId, details])) };
    return known;
  }

  async function current(): Promise<Known> {
    if (known !== undefined && isYoung(known.readAt, maxAgeSeconds, clock.now())) return known;
    reading ??= readAnew().finally(() => (reading = undefined));
    return reading;
  }

  return {
    read: current,
    find: async (subscriptionId) => (await current()).byId.get(lower(subscriptionId)),
  };
}

interface Known extends SubscriptionReading {
  readonly byId: ReadonlyMap<string, SubscriptionDetails>;
}
