import type { Clock } from '../../base/clock';
import type { TargetId } from '../../connections/resource-id';
import type { UnreadSubscription } from '../../review/sweep/connection-finder';
import type { ArmReading, DoctorSources } from './sources';

/** The options of doctor, and what several checks share. */
export interface Examination {
  readonly sources: DoctorSources;
  readonly clock: Clock;
  /** Subscription ids in lower case. Empty: all that can be read. */
  readonly subscriptions: readonly string[];
  /** The function app that event subscriptions must deliver to; absent: any. */
  readonly functionAppId: string | undefined;
  /** Connections that are Pending for longer are reported. */
  readonly pendingMinutes: number;
  /** Finds the targets; searches only once. */
  readonly targets: () => Promise<FoundTargets>;
}

/** The targets that the caller can see. */
export interface FoundTargets {
  readonly targets: readonly TargetId[];
  /** Subscriptions whose targets could not be listed. */
  readonly readFailed: readonly UnreadSubscription[];
  /** Whether there are more targets than `mostTargets`. */
  readonly isCut: boolean;
}

/** Maximum number of targets to check, because each costs at least one ARM read. */
export const mostTargets = 1_000;

/**
 * Finds the targets in the subscriptions that the caller can read.
 * @throws ArmError if nothing can be listed.
 */
export async function findTargets(
  { lists, types }: Pick<ArmReading, 'lists' | 'types'>,
  subscriptions: readonly string[],
): Promise<FoundTargets> {
  const targets: TargetId[] = [];
  const readFailed: UnreadSubscription[] = [];
  const query = {
    subscriptions,
    types,
    statuses: ['Pending'],
    onUnread: (one: UnreadSubscription): void => void readFailed.push(one),
  };
  for await (const { targetId } of lists.find(query)) {
    if (targets.length === mostTargets) return { targets, readFailed, isCut: true };
    targets.push(targetId);
  }
  return { targets, readFailed, isCut: false };
}

/** Runs `work` on each item, up to eight at once, until `signal` is aborted. */
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

/** Returns a function that calls `make` once and returns the same promise for every call. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
