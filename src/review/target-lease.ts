import type { Fence } from '../connections/connection-store';
import type { TargetId } from '../connections/resource-id';

/** At most one holder per target, over all instances. */
export interface TargetLease {
  /** `undefined` when somebody else holds it. It ends by itself soon after its holder dies. */
  acquire(target: TargetId): Promise<HeldLease | undefined>;
}

export interface HeldLease {
  /** Throws LEASE_LOST unless enough of the lease is left to finish a write before it could pass on. */
  readonly fence: Fence;
  release(): Promise<void>;
}
