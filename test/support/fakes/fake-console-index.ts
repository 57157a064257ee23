import type { OpenState } from '../../../src/console/api';
import type { ConsoleIndex, IndexPage } from '../../../src/console/index/console-index';
import type { Change, OpenEntry, RecentEntry } from '../../../src/console/index/entries';

/** The console's index in memory. */
export class FakeConsoleIndex implements ConsoleIndex {
  readonly entries = new Map<string, OpenEntry>();
  readonly ends = new Map<string, RecentEntry>();
  /** Thrown by every call, if it is set. */
  failure: Error | undefined;

  async change(changes: readonly Change[]): Promise<void> {
    this.check();
    for (const change of changes) {
      if (change.kind === 'remove') this.entries.delete(change.key);
      else {
        const { entry } = change;
        const known = change.kind === 'touch' ? this.entries.get(entry.key) : undefined;
        this.entries.set(entry.key, known === undefined ? entry : { ...known, at: entry.at });
      }
    }
  }

  async addEnds(ends: readonly RecentEntry[]): Promise<void> {
    this.check();
    for (const end of ends) this.ends.set(end.key, end);
  }

  async open(
    states: readonly OpenState[],
    after: string | undefined,
    limit: number,
  ): Promise<IndexPage<OpenEntry>> {
    this.check();
    return pageOf(
      [...this.entries.values()].filter(({ state }) => states.includes(state)),
      after,
      limit,
    );
  }

  async count(states: readonly OpenState[], most: number): Promise<number> {
    this.check();
    return Math.min(most, [...this.entries.values()].filter(({ state }) => states.includes(state)).length);
  }

  async recent(day: string, after: string | undefined, limit: number): Promise<IndexPage<RecentEntry>> {
    this.check();
    return pageOf(
      [...this.ends.values()].filter(({ at }) => at.startsWith(day)),
      after,
      limit,
    );
  }

  async forgetDay(day: string, most: number): Promise<void> {
    this.check();
    const old = [...this.ends.values()].filter(({ at }) => at.startsWith(day));
    for (const { key } of old.slice(0, most)) this.ends.delete(key);
  }

  private check(): void {
    if (this.failure !== undefined) throw this.failure;
  }
}

function pageOf<T extends { readonly key: string }>(
  items: readonly T[],
  after: string | undefined,
  limit: number,
): IndexPage<T> {
  const sorted = items.toSorted((one, other) => (one.key < other.key ? -1 : 1));
  const rest = sorted.filter(({ key }) => after === undefined || key > after);
  const page = rest.slice(0, limit);
  return { items: page, next: rest.length > limit ? page.at(-1)?.key : undefined };
}
