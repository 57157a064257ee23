import type { Fence } from '../connections/connection-store';
import type { TargetId } from '../connections/resource-id';

/** The lease of targets: at most one holder per target, across all instances. */
export interface TargetLease {
  /**
   * Acquires the lease of a target; `undefined` if another process holds it. A lease expires soon
   * after its holder dies.
   */
  acquire(target: TargetId): Promise<HeldLease | undefined>;
}

/** A lease that this process holds. */
export interface HeldLease {
  /**
   * Throws LEASE_LOST unless enough of the lease remains to finish a write before the lease can
   * pass to another process.
   */
  readonly fence: Fence;
  release(): Promise<void>;
}
