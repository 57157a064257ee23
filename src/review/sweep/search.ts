import { isInGraph } from '../../connections/chosen-types';
import type { ConnectionStore } from '../../connections/connection-store';
import type { TargetType } from '../../connections/target-type';
import { ArmError, describeError, isTransient } from '../../base/errors';
import type { Logger } from '../../base/logger';
import type { ConnectionFinder, FindQuery, FoundConnection, UnreadSubscription } from './connection-finder';
import { createSamples, findHiddenTypes } from './hidden-types';
import type { SweepState } from './journal';

/** The ports of `search`. */
export interface SearchPorts {
  /**
   * Resource Graph: one query for everything, but sometimes minutes late, and not permitted
   * everywhere.
   */
  readonly graph: ConnectionFinder;
  /** The providers' lists: every existing target, at one ARM read each. */
  readonly lists: ConnectionFinder;
  readonly logger: Logger;
  /** The subscriptions to search. Empty: every subscription that the identity can read. */
  readonly subscriptions: readonly string[];
  /** The types of target to search for. */
  readonly types: readonly TargetType[];
  readonly connections: Pick<ConnectionStore, 'list'>;
}

/** What a sweep searches for. */
export interface Search {
  readonly statuses: readonly string[];
  readonly state: SweepState;
  readonly now: Date;
  /** Called with each result, one at a time. */
  readonly take: (found: FoundConnection) => Promise<void>;
}

/** The result of a search. */
export interface Searched {
  readonly source: 'graph' | 'lists';
  readonly unread: readonly UnreadSubscription[];
  /** The error with which Resource Graph refused. */
  readonly graphRefusal?: ArmError | undefined;
  /**
   * The passing error because of which results may be missing; absent if everything that Postern
   * may see was covered.
   */
  readonly unfinished?: ArmError | undefined;
  /** The types that Resource Graph does not show; absent if it was not compared with the lists. */
  readonly hiddenTypes?: readonly TargetType[] | undefined;
}

/**
 * Searches Resource Graph, or the providers' lists where it is not enough: on the first sweep and
 * once a day in any case; if it refuses; if it fails a second time in a row; and if it suddenly
 * returns nothing. ARM errors are part of the result.
 */
export async function search(ports: SearchPorts, search: Search): Promise<Searched> {
  const due = whyLists(search);
  if (due !== undefined) return searchAndCompare(ports, search, due);
  let found = 0;
  const counting: Search = {
    ...search,
    take: async (one) => {
      found += 1;
      await search.take(one);
    },
  };
  const types = ports.types.filter(isInGraph);
  const failure = await failureOf(searchWith(ports.graph, { ...ports, types }, counting));
  if (failure === undefined) {
    const before = search.state.last?.connections ?? 0;
    if (found > 0 || before === 0) return searchHidden(ports, search);
    return searchLists(ports, search, `Resource Graph returned no connections, but ${before} before`);
  }
  const refused = !isTransient(failure);
  if (!refused && search.state.graphTroubleAt === undefined) {
    return { source: 'graph', unread: [], unfinished: failure };
  }
  const why = `Resource Graph ${refused ? 'refused' : 'failed again'}. ${describeError(failure)}`;
  const searched = await searchLists(ports, search, why);
  return refused ? { ...searched, graphRefusal: failure } : searched;
}

/**
 * Lists the targets of the types whose connections Resource Graph does not show. All types are listed
 * once a day in any case.
 */
async function searchHidden(ports: SearchPorts, search: Search): Promise<Searched> {
  const hidden = new Set(search.state.hiddenTypes);
  const types = ports.types.filter((type) => !isInGraph(type) || hidden.has(type));
  if (types.length === 0) return { source: 'graph', unread: [] };
  const unread: UnreadSubscription[] = [];
  const onUnread = (one: UnreadSubscription): void => void unread.push(one);
  const unfinished = await failureOf(searchWith(ports.lists, { ...ports, types }, search, onUnread));
  return {
    source: 'graph',
    unread,
    unfinished: unfinished ?? unread.find(({ error }) => isTransient(error))?.error,
  };
}

const listsEverySeconds = 24 * 60 * 60;

function whyLists({ state, now }: Search): string | undefined {
  if (state.listedAt === undefined) return 'they were never read completely';
  const age = (now.getTime() - Date.parse(state.listedAt)) / 1000;
  // A clock that was set back must not delay this.
  return age >= listsEverySeconds || age < 0 ? 'they are read once a day' : undefined;
}

/** Reads the lists, and once a day compares what Resource Graph shows with them. */
async function searchAndCompare(ports: SearchPorts, search: Search, why: string): Promise<Searched> {
  if (search.state.listedAt === undefined) return searchLists(ports, search, why);
  const samples = createSamples();
  const take: Search['take'] = async (found) => {
    samples.note(found.targetId);
    await search.take(found);
  };
  const searched = await searchLists(ports, { ...search, take }, why);
  if (searched.unfinished !== undefined) return searched;
  return { ...searched, hiddenTypes: await findHiddenTypes(ports, search, samples.byType()) };
}

async function searchLists(ports: SearchPorts, search: Search, why: string): Promise<Searched> {
  ports.logger.info(`The sweep reads the providers' lists: ${why}`);
  const unread: UnreadSubscription[] = [];
  const onUnread = (one: UnreadSubscription): void => void unread.push(one);
  const failure = await failureOf(searchWith(ports.lists, ports, search, onUnread));
  const unfinished = failure ?? unread.find(({ error }) => isTransient(error))?.error;
  return { source: 'lists', unread, unfinished };
}

async function searchWith(
  finder: ConnectionFinder,
  { subscriptions, types }: SearchPorts,
  { statuses, take }: Search,
  onUnread?: FindQuery['onUnread'],
): Promise<void> {
  for await (const found of finder.find({ subscriptions, types, statuses, onUnread })) {
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
