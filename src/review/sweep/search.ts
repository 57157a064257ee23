import { targetTypes } from '../../connections/target-type';
import { ArmError, describeError, isTransient } from '../../base/errors';
import type { Logger } from '../../base/logger';
import type { ConnectionFinder, FindQuery, FoundConnection, UnreadSubscription } from './connection-finder';
import type { SweepState } from './journal';

export interface SearchPorts {
  /** Resource Graph: one query for everything, but minutes late at times, and not everywhere allowed. */
  readonly graph: ConnectionFinder;
  /** The providers' lists: every target there is, at one ARM read each. */
  readonly lists: ConnectionFinder;
  readonly logger: Logger;
  /** Empty: every subscription that the identity can read. */
  readonly subscriptions: readonly string[];
}

export interface Search {
  readonly statuses: readonly string[];
  readonly state: SweepState;
  readonly now: Date;
  /** Given what is found, one after the other. */
  readonly take: (found: FoundConnection) => Promise<void>;
}

/** How the search ended. */
export interface Searched {
  readonly source: 'graph' | 'lists';
  readonly unread: readonly UnreadSubscription[];
  /** What Resource Graph answered when it refused. */
  readonly graphRefusal?: ArmError | undefined;
  /** Why something may be missing that only patience mends; absent when everything was seen that may be seen. */
  readonly unfinished?: ArmError | undefined;
}

/**
 * Asks Resource Graph, or the providers' lists where it is not enough: on the first sweep and once a day, whatever it
 * says; when it refuses; when it fails a second time in a row; and when it falls silent.
 */
export async function search(ports: SearchPorts, search: Search): Promise<Searched> {
  const due = whyLists(search);
  if (due !== undefined) return searchLists(ports, search, due);
  let found = 0;
  const counting: Search = {
    ...search,
    take: async (one) => {
      found += 1;
      await search.take(one);
    },
  };
  const trouble = await failureOf(searchWith(ports.graph, ports, counting));
  if (trouble === undefined) {
    const before = search.state.last?.connections ?? 0;
    if (found > 0 || before === 0) return { source: 'graph', unread: [] };
    return searchLists(ports, search, `Resource Graph told of nothing, and of ${before} before`);
  }
  const refused = !isTransient(trouble);
  if (!refused && search.state.graphTroubleAt === undefined) {
    return { source: 'graph', unread: [], unfinished: trouble };
  }
  const why = `Resource Graph ${refused ? 'refused' : 'failed again'}. ${describeError(trouble)}`;
  const searched = await searchLists(ports, search, why);
  return refused ? { ...searched, graphRefusal: trouble } : searched;
}

const listsEverySeconds = 24 * 60 * 60;

function whyLists({ state, now }: Search): string | undefined {
  if (state.listedAt === undefined) return 'they were never read to their end';
  const age = (now.getTime() - Date.parse(state.listedAt)) / 1000;
  // A clock that was set back must not put this off.
  return age >= listsEverySeconds || age < 0 ? 'they are read once a day' : undefined;
}

async function searchLists(ports: SearchPorts, search: Search, why: string): Promise<Searched> {
  ports.logger.info(`The sweep reads the providers' lists: ${why}`);
  const unread: UnreadSubscription[] = [];
  const onUnread = (one: UnreadSubscription): void => void unread.push(one);
  const trouble = await failureOf(searchWith(ports.lists, ports, search, onUnread));
  const unfinished = trouble ?? unread.find(({ error }) => isTransient(error))?.error;
  return { source: 'lists', unread, unfinished };
}

async function searchWith(
  finder: ConnectionFinder,
  { subscriptions }: SearchPorts,
  { statuses, take }: Search,
  onUnread?: FindQuery['onUnread'],
): Promise<void> {
  for await (const found of finder.find({ subscriptions, types: targetTypes, statuses, onUnread })) {
    await take(found);
  }
}

async function failureOf(work: Promise<void>): Promise<ArmError | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof ArmError) return error;
    throw error;
  }
}
