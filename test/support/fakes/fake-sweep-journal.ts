import { PosternError } from '../../../src/base/errors';
import type { SweepJournal, SweepState } from '../../../src/review/sweep/journal';

/** A journal in memory. */
export class FakeSweepJournal implements SweepJournal {
  state: SweepState = {};
  /** While true, the stored state cannot be parsed. */
  malformed = false;
  writes = 0;

  async read(): Promise<SweepState> {
    if (this.malformed) throw new PosternError('STORE_UNREADABLE', 'the fake journal is malformed');
    return structuredClone(this.state);
  }

  async write(state: SweepState): Promise<void> {
    this.writes += 1;
    this.malformed = false;
    this.state = structuredClone(state);
  }
}
