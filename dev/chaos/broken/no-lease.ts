import { defaultLeaseTimes } from '../../../src/azure/blob-target-lease';
import type { HeldLease, TargetLease } from '../../../src/review/target-lease';

export { defaultLeaseTimes };

/** Broken on purpose: everybody who asks holds every target, and nobody is ever fenced off. */
export class BlobTargetLease implements TargetLease {
  async acquire(): Promise<HeldLease> {
    return { fence: () => undefined, release: async () => undefined };
  }
}
