import type { Clock } from '../../base/clock';
import type { TargetId } from '../../connections/resource-id';
import { targetTypes } from '../../connections/target-type';
import type { UnreadSubscription } from '../../review/sweep/connection-finder';
import type { ArmReading, DoctorSources } from './sources';

/** What is asked of doctor, and what several checks share. */
export interface Examination {
  readonly sources: DoctorSources;
  readonly clock: Clock;
  /** In lower case. Empty: all that can be read. */
  readonly subscriptions: readonly string[];
  /** The function app that event subscriptions must deliver to; absent: any. */
  readonly functionAppId: string | undefined;
  /** A connection that is Pending for longer is told. */
  readonly pendingMinutes: number;
  /** The targets, searched once. */
  readonly targets: () => Promise<FoundTargets>;
}

export interface FoundTargets {
  readonly targets: readonly TargetId[];
  readonly unread: readonly UnreadSubscription[];
  /** There are more than are looked at. */
  readonly isCut: boolean;
}

/** Each costs one ARM read and more. */
export const mostTargets = 1_000;

/** Every target in the subscriptions that the caller can read. @throws ArmError when they cannot be listed at all. */
export async function findTargets(
  { lists }: Pick<ArmReading, 'lists'>,
  subscriptions: readonly string[],
): Promise<FoundTargets> {
  const targets: TargetId[] = [];
  const unread: UnreadSubscription[] = [];
  const query = {
    subscriptions,
    types: targetTypes,
    statuses: ['Pending'],
    onUnread: (one: UnreadSubscription): void => void unread.push(one),
  };
  for await (const { targetId } of lists.find(query)) {
    if (targets.length === mostTargets) return { targets, unread, isCut: true };
    targets.push(targetId);
  }
  return { targets, unread, isCut: false };
}

/** Runs `work` on each item, some at once, until the time is over. */
export async function forEachSome<T>(
  items: readonly T[],
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < items.length && !signal.aborted; start += atOnce) {
    await Promise.all(items.slice(start, start + atOnce).map(work));
  }
}

const atOnce = 8;

/** The first call's promise for every later call. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
