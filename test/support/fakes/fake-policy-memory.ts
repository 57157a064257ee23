import type { PolicyMemory } from '../../../src/review/policy-in-force';

/** A memory of the policy, in memory. */
export class FakePolicyMemory implements PolicyMemory {
  digest: string | undefined;
  writes = 0;

  async read(): Promise<string | undefined> {
    return this.digest;
  }

  async write(digest: string): Promise<void> {
    this.writes += 1;
    this.digest = digest;
  }
}
