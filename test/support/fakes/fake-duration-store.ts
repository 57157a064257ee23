import { PosternError } from '../../../src/base/errors';
import {
  type DurationStore,
  kindKey,
  type LearnedDurations,
} from '../../../src/operations/pace/duration-store';

/** Learned durations in memory, with the port's versions and conflicts. */
export class FakeDurationStore implements DurationStore {
  loads = 0;
  saves = 0;
  private readonly rows = new Map<string, LearnedDurations>();
  private failure: Error | undefined;

  /** Makes every following call throw `error`; `undefined`: none. */
  failWith(error: Error | undefined): void {
    this.failure = error;
  }

  async load(): Promise<readonly LearnedDurations[]> {
    this.loads += 1;
    if (this.failure !== undefined) throw this.failure;
    return [...this.rows.values()];
  }

  async save(durations: LearnedDurations): Promise<string> {
    this.saves += 1;
    if (this.failure !== undefined) throw this.failure;
    const key = kindKey(durations.kind);
    if (this.rows.get(key)?.version !== durations.version) {
      throw new PosternError('STORE_CONFLICT', `the durations of ${key} were changed concurrently`);
    }
    const version = `${this.saves}`;
    this.rows.set(key, { ...durations, version });
    return version;
  }
}
