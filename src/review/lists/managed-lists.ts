import type { AuditLog } from '../../audit/audit-log';
import { type Clock, isYoung } from '../../base/clock';
import { ArmError, describeError, hasCode } from '../../base/errors';
import type { Logger } from '../../base/logger';
import { readingOf } from '../../policy/lists/entries-of';
import type { UsableList, UsableLists } from '../../policy/lists/list-snapshot';
import {
  advance,
  lastReadAt,
  type ListReading,
  type ListState,
  usableList,
} from '../../policy/lists/list-state';
import { listBounds, type ManagedList, sourceText } from '../../policy/lists/managed-list';
import type { Policy } from '../../policy/policy';
import type { SubscriptionListing } from '../facts/own-subscriptions';
import type { ListReader } from './list-reader';
import type { ListStore, StoredList } from './list-store';
import type { ManagementGroupReader } from './management-group-reader';
import { listRecord } from './records';

/** The ports of `createManagedLists`. */
export interface ManagedListPorts {
  readonly store: ListStore;
  readonly groups: ManagementGroupReader;
  readonly subscriptions: SubscriptionListing;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The lists of policies whose entries Postern reads from Azure. */
export interface ManagedLists extends ListReader {
  /**
   * Reads the sources of a policy's lists again, if a quarter of an hour has passed. What cannot be
   * read is recorded, and is no error.
   * @returns whether the entries of some list have changed.
   * @throws PosternError STORE_UNAVAILABLE, LEDGER_UNAVAILABLE
   */
  refresh(policy: Policy, traceId: string | undefined): Promise<boolean>;
}

/** How long an instance goes by what it has loaded, in milliseconds. */
const loadedMs = 10_000;
const mostTries = 5;

/**
 * Creates the managed lists. All instances share what one of them has read, so that each decides by
 * the same entries.
 */
export function createManagedLists(ports: ManagedListPorts): ManagedLists {
  const { clock, store } = ports;
  const loaded = new Map<string, { readonly atMs: number; readonly state: Promise<ListState | undefined> }>();
  let last: { readonly sources: string; readonly atMs: number } | undefined;

  function load(name: string): Promise<ListState | undefined> {
    const known = loaded.get(name);
    if (known !== undefined && clock.monotonicMs() - known.atMs < loadedMs) return known.state;
    const state = store.load(name).then((stored) => stored?.state);
    loaded.set(name, { atMs: clock.monotonicMs(), state });
    // What could not be loaded is not kept.
    state.catch(() => loaded.delete(name));
    return state;
  }

  return {
    async current({ managedLists }) {
      const lists = new Map<string, UsableList>();
      for (const list of managedLists) {
        const usable = usableList(await load(list.name), list, clock.now());
        if (usable !== undefined) lists.set(list.name, usable);
      }
      return lists satisfies UsableLists;
    },
    async refresh({ managedLists }, traceId) {
      const sources = JSON.stringify(managedLists.map(({ name, source }) => [name, sourceText(source)]));
      const isEarly =
        last !== undefined && clock.monotonicMs() - last.atMs < listBounds.refreshSeconds * 1000;
      if (isEarly && last?.sources === sources) return false;
      const stored = new Map((await store.all()).map((each) => [each.name, each]));
      await forgetOthers(ports, managedLists, stored);
      const due = managedLists.filter((list) => isDue(list, stored.get(list.name)?.state, clock.now()));
      const readingFor = await readSources(ports, due);
      let hasChanged = false;
      for (const list of due) {
        const reading = readingFor(list);
        const isChanged = await take(ports, { list, reading, stored: stored.get(list.name), traceId });
        hasChanged ||= isChanged;
        loaded.delete(list.name);
      }
      last = { sources, atMs: clock.monotonicMs() };
      return hasChanged;
    },
  };
}

/** Removes the states of lists that no rule reads any more. */
async function forgetOthers(
  { store }: ManagedListPorts,
  managedLists: readonly ManagedList[],
  stored: ReadonlyMap<string, StoredList>,
): Promise<void> {
  const names = new Set(managedLists.map(({ name }) => name));
  for (const name of stored.keys()) if (!names.has(name)) await store.remove(name);
}

/** Tells whether a list must be read again: another instance may have done so. */
function isDue(list: ManagedList, state: ListState | undefined, now: Date): boolean {
  if (state?.source !== sourceText(list.source) || state.stale !== undefined) return true;
  const readAt = lastReadAt(state);
  return readAt === undefined || !isYoung(readAt.toISOString(), listBounds.refreshSeconds, now);
}

/** Reads Azure once for all lists, and returns what that says about each of them. */
async function readSources(
  { groups, subscriptions, logger }: ManagedListPorts,
  lists: readonly ManagedList[],
): Promise<(list: ManagedList) => ListReading> {
  const failed = (problem: string) => (): ListReading => ({ kind: 'failed', problem });
  if (lists.length === 0) return failed('nothing is due');
  try {
    const found = await groups.find([...new Set(lists.map(({ source }) => source.group))]);
    const { readAt, all, problem } = await subscriptions.read();
    if (problem !== undefined) return failed(problem);
    return ({ source }) => readingOf(source, { groups: found, subscriptions: all, readAt });
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    logger.warn(`The sources of managed lists could not be read. ${describeError(error)}`);
    return failed(describeError(error));
  }
}

interface Taking {
  readonly list: ManagedList;
  readonly reading: ListReading;
  readonly stored: StoredList | undefined;
  readonly traceId: string | undefined;
}

/** Records what a reading changes, then stores it. Returns whether the entries have changed. */
async function take({ store, audit, clock }: ManagedListPorts, taking: Taking): Promise<boolean> {
  const { list, reading, traceId } = taking;
  let { stored } = taking;
  for (let tries = 1; ; tries += 1) {
    const now = clock.now();
    const before = stored?.state;
    const { state, event } = advance(before, list, { reading, now });
    if (event === undefined && reading.kind === 'failed') return false;
    if (event !== undefined)
      await audit.record([listRecord({ list, before, after: state, event, now, traceId })]);
    try {
      await store.save({ name: list.name, state, version: stored?.version });
      return event?.kind === 'changed';
    } catch (error) {
      if (!hasCode(error, 'STORE_CONFLICT') || tries === mostTries) throw error;
      stored = await store.load(list.name);
    }
  }
}
