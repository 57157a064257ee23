import { ArmError, describeError, isStorageError, isUnreadable, PosternError } from '../../base/errors';
import type { ReviewPorts } from '../review-job';

/**
 * The number of concurrent reads. Read one after the other, the facts of a target with many
 * connections would be outdated before the last one is read.
 */
const readsAtOnce = 8;

/** What was read of some items, by their keys. */
export interface Reads<T> {
  readonly read: ReadonlyMap<string, T>;
  /** The keys of those that could not be read this time. */
  readonly unread: ReadonlySet<string>;
  readonly retryAfterSeconds: number | undefined;
}

/**
 * Reads something that several items share, such as their subscription, once for all of them. `keyOf`
 * names it. The result is by that key; what could not be read is by the keys of the items.
 */
export async function readShared<Item extends { readonly key: string }, T>(
  ports: Pick<ReviewPorts, 'logger'>,
  wanted: readonly Item[],
  { keyOf, idOf, readOne }: SharedRead<Item, T>,
): Promise<Reads<T>> {
  const keysOf = new Map<string, string[]>();
  for (const item of wanted) {
    const shared = keyOf(item);
    keysOf.set(shared, [...(keysOf.get(shared) ?? []), item.key]);
  }
  const found = await readEach(
    ports,
    [...keysOf.keys()].map((key) => ({ key, id: idOf(key) })),
    ({ key }) => readOne(key),
  );
  const unread = [...found.unread].flatMap((shared) => keysOf.get(shared) ?? []);
  return { ...found, unread: new Set(unread) };
}

interface SharedRead<Item, T> {
  readonly keyOf: (item: Item) => string;
  /** Returns the ARM id behind a key, for the log. */
  readonly idOf: (key: string) => string;
  readonly readOne: (key: string) => Promise<T | undefined>;
}

/**
 * Reads something of each item, once per key. Endpoints and subscriptions belong to other people:
 * an error with one of them, of any kind, possibly caused by its owner, must not delay the
 * connections of the others.
 */
export async function readEach<Item extends { readonly key: string; readonly id: string }, T>(
  ports: Pick<ReviewPorts, 'logger'>,
  wanted: readonly Item[],
  readOne: (item: Item) => Promise<T | undefined>,
): Promise<Reads<T>> {
  const read = new Map<string, T>();
  const unread = new Set<string>();
  let retryAfterSeconds: number | undefined;
  const left = [...new Map(wanted.map((item) => [item.key, item])).values()];
  async function readNext(): Promise<void> {
    for (let item = left.shift(); item !== undefined; item = left.shift()) {
      try {
        const found = await readOne(item);
        if (found !== undefined) read.set(item.key, found);
      } catch (error) {
        if (!(error instanceof PosternError) || isStorageError(error)) throw error;
        ports.logger.warn(
          `${item.id} could not be read; its connections are not decided now. ${describeError(error)}`,
        );
        unread.add(item.key);
        if (error instanceof ArmError)
          retryAfterSeconds = laterOf(retryAfterSeconds, error.retryAfterSeconds);
      }
    }
  }
  await Promise.all(Array.from({ length: readsAtOnce }, readNext));
  return { read, unread, retryAfterSeconds };
}

/**
 * Runs a read and returns `undefined` for what Postern may not read. A rule that uses an absent
 * fact holds the connection.
 */
export async function orAbsent<T>(
  ports: Pick<ReviewPorts, 'logger'>,
  read: () => Promise<T | undefined>,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    ports.logger.warn(`A fact could not be read and stays absent. ${describeError(error)}`);
    return undefined;
  }
}

/** Returns the later of two waits. */
export function laterOf(one: number | undefined, other: number | undefined): number | undefined {
  return Math.max(one ?? 0, other ?? 0) || undefined;
}
