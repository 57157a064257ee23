import { PosternError } from '../../../src/base/errors';
import type { CountedKind, LimitState, LimitStore } from '../../../src/review/limits/limit-store';

/** Limits in memory, with the port's versions and conflicts. */
export class FakeLimitStore implements LimitStore {
  loads = 0;
  private readonly states = new Map<CountedKind, LimitState>();
  private versions = 0;

  async load(kind: CountedKind): Promise<LimitState> {
    this.loads += 1;
    return this.states.get(kind) ?? { begun: [], lifts: 0 };
  }

  async save(kind: CountedKind, state: LimitState): Promise<void> {
    if (this.states.get(kind)?.version !== state.version) {
      throw new PosternError('STORE_CONFLICT', `the limit of ${kind} was changed concurrently`);
    }
    this.versions += 1;
    this.states.set(kind, { ...state, version: `${this.versions}` });
  }
}
