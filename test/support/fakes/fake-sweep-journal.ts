import { PosternError } from '../../../src/base/errors';
import type { SweepJournal, SweepState } from '../../../src/review/sweep/journal';

/** A journal in memory. */
export class FakeSweepJournal implements SweepJournal {
  state: SweepState = {};
  /** While true, what is there cannot be read. */
  malformed = false;
  writes = 0;

  async read(): Promise<SweepState> {
    if (this.malformed) throw new PosternError('STORE_UNREADABLE', 'the fake journal was told to fail');
    return structuredClone(this.state);
  }

  async write(state: SweepState): Promise<void> {
    this.writes += 1;
    this.malformed = false;
    this.state = structuredClone(state);
  }
}
