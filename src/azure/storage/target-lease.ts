import type { BlobLeaseClient, ContainerClient } from '@azure/storage-blob';
import type { Clock } from '../../base/clock';
import type { TargetId } from '../../connections/resource-id';
import type { HeldLease, TargetLease } from '../../review/target-lease';
import { BlobHeldLease, type LeaseTimes } from './blob-held-lease';
import { failureOf } from './errors';
import type { OnDemand } from './on-demand';
import { hash } from './tables/table-keys';

/** The margin is longer than a write may take (`arm-door.ts`); the whole is shorter than a spare copy is hidden (`spare-copy.ts`). */
export const defaultLeaseTimes: LeaseTimes = { leaseSeconds: 30, renewEverySeconds: 4, marginSeconds: 20 };

/** A lease on an empty blob for each target: Blob Storage sees to it that only one holder exists. */
export class BlobTargetLease implements TargetLease {
  constructor(
    private readonly container: OnDemand<ContainerClient>,
    private readonly clock: Clock,
    private readonly times: LeaseTimes = defaultLeaseTimes,
  ) {}

  async acquire(target: TargetId): Promise<HeldLease | undefined> {
    const lease = await this.container.use(async (container) =>
      container.getBlockBlobClient(blobNameOf(target)).getBlobLeaseClient(),
    );
    let askedAtMs = this.clock.monotonicMs();
    let outcome = await this.tryAcquire(lease);
    if (outcome === 'no blob') {
      await this.makeBlob(target);
      askedAtMs = this.clock.monotonicMs();
      outcome = await this.tryAcquire(lease);
    }
    if (outcome !== 'acquired') return undefined;
    return new BlobHeldLease({ lease, target, clock: this.clock, times: this.times, askedAtMs });
  }

  private async tryAcquire(lease: BlobLeaseClient): Promise<'acquired' | 'taken' | 'no blob'> {
    try {
      await this.container.use((_, options) => lease.acquireLease(this.times.leaseSeconds, options));
      return 'acquired';
    } catch (error) {
      const { code } = failureOf(error);
      if (code === 'BlobNotFound') return 'no blob';
      if (code === 'LeaseAlreadyPresent' || code === 'LeaseIsBreakingAndCannotBeAcquired') return 'taken';
      throw error;
    }
  }

  /** Somebody else may make it, and even lease it, at the same moment. */
  private async makeBlob(target: TargetId): Promise<void> {
    try {
      await this.container.use((container, options) =>
        container
          .getBlockBlobClient(blobNameOf(target))
          .upload('', 0, { ...options, conditions: { ifNoneMatch: '*' } }),
      );
    } catch (error) {
      const { httpStatus } = failureOf(error);
      if (httpStatus !== 409 && httpStatus !== 412) throw error;
    }
  }
}

function blobNameOf(target: TargetId): string {
  return hash(target.key, 64);
}
