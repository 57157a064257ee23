import type { BlobLeaseClient, ContainerClient } from '@azure/storage-blob';
import type { Cancel, Clock } from '../../base/clock';
import { sha256Hex } from '../../base/digest';
import { PosternError } from '../../base/errors';
import { withAbortAfter } from '../../base/timeout';
import type { TargetId } from '../../connections/resource-id';
import type { HeldLease, TargetLease } from '../../review/target-lease';
import { failureOf } from './errors';
import type { OnDemand } from './on-demand';

/**
 * The default times. The margin is longer than a write may take (`fencedTimeoutMs` in `arm/client.ts`); the
 * lease is shorter than a spare copy is hidden (`spare-copy.ts`).
 */
export const defaultLeaseTimes: LeaseTimes = { leaseSeconds: 30, renewEverySeconds: 4, marginSeconds: 20 };

/** Leases on an empty blob for each target: Blob Storage guarantees a single holder. */
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
      await this.createBlob(target);
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

  /** Creates the blob. Another process may create it, and even lease it, at the same moment. */
  private async createBlob(target: TargetId): Promise<void> {
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
  return sha256Hex(target.key);
}

export interface LeaseTimes {
  /** The duration of a lease that is not renewed: 15 to 60. */
  readonly leaseSeconds: number;
  readonly renewEverySeconds: number;
  /** The fence throws when less than this is left of the lease. */
  readonly marginSeconds: number;
}

export interface BlobHeldLeaseOptions {
  readonly lease: BlobLeaseClient;
  readonly target: TargetId;
  readonly clock: Clock;
  readonly times: LeaseTimes;
  /** The monotonic clock's reading before the lease was requested. */
  readonly askedAtMs: number;
}

const releaseTimeoutMs = 5_000;

/** A lease that is held and renewed in the background until it is released or lost. */
export class BlobHeldLease implements HeldLease {
  private leasedFromMs: number;
  private isLost = false;
  private isReleased = false;
  private cancelRenewal: Cancel | undefined;
  private renewal: Promise<void> = Promise.resolve();

  constructor(private readonly options: BlobHeldLeaseOptions) {
    this.leasedFromMs = options.askedAtMs;
    this.scheduleRenewal();
  }

  readonly fence = (): void => {
    const { target, clock, times } = this.options;
    if (this.isLost || this.isReleased) {
      throw new PosternError('LEASE_LOST', `the lease of ${target.id} was lost or released`);
    }
    const leftMs = this.leasedFromMs + times.leaseSeconds * 1000 - clock.monotonicMs();
    if (leftMs >= times.marginSeconds * 1000) return;
    const left = Math.floor(leftMs / 1000);
    throw new PosternError('LEASE_LOST', `only ${left} s are left of the lease of ${target.id}`);
  };

  /**
   * Releases the lease. Never throws: a lease that cannot be released ends by itself, and the review's own
   * outcome matters more.
   */
  async release(): Promise<void> {
    if (this.isReleased) return;
    this.isReleased = true;
    this.cancelRenewal?.();
    await this.renewal;
    if (this.isLost) return;
    const { clock, lease } = this.options;
    await withAbortAfter({ clock, ms: releaseTimeoutMs }, (abortSignal) =>
      lease.releaseLease({ abortSignal }),
    ).catch(() => undefined);
  }

  private scheduleRenewal(): void {
    const { clock, times } = this.options;
    const renew = (): void => {
      this.renewal = this.renew();
    };
    this.cancelRenewal = clock.after(times.renewEverySeconds * 1000, renew, { isBackground: true });
  }

  private async renew(): Promise<void> {
    const { clock, lease, times } = this.options;
    const askedAtMs = clock.monotonicMs();
    try {
      await withAbortAfter({ clock, ms: times.renewEverySeconds * 1000 }, (abortSignal) =>
        lease.renewLease({ abortSignal }),
      );
      this.leasedFromMs = askedAtMs;
    } catch (error) {
      // An answer means that the lease is gone; no answer means that the next renewal may still come in time.
      const { httpStatus } = failureOf(error);
      this.isLost = httpStatus === 404 || httpStatus === 409 || httpStatus === 412;
    }
    if (!this.isLost && !this.isReleased) this.scheduleRenewal();
  }
}
