import { PosternError } from '../../../src/base/errors';
import type { ListStore, StoredList } from '../../../src/review/lists/list-store';

/** The managed lists in memory. */
export class FakeListStore implements ListStore {
  readonly rows = new Map<string, StoredList>();
  /** Thrown by every call, if it is set. */
  failure: Error | undefined;
  loads = 0;
  private saves = 0;

  async load(name: string): Promise<StoredList | undefined> {
    this.loads += 1;
    this.check();
    return this.rows.get(name);
  }

  async all(): Promise<readonly StoredList[]> {
    this.check();
    return [...this.rows.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  async save({ name, state, version }: StoredList): Promise<void> {
    this.check();
    if (version !== this.rows.get(name)?.version)
      throw new PosternError('STORE_CONFLICT', `${name} was changed`);
    this.saves += 1;
    this.rows.set(name, { name, state, version: String(this.saves) });
  }

  async remove(name: string): Promise<void> {
    this.check();
    this.rows.delete(name);
  }

  private check(): void {
    if (this.failure !== undefined) throw this.failure;
  }
}
