import type { Clock } from '../../../src/base/clock';
import type { TargetId } from '../../../src/connections/resource-id';
import { PosternError } from '../../../src/base/errors';
import type { HeldLease, TargetLease } from '../../../src/review/target-lease';

const leaseMs = 60_000;
const marginMs = 30_000;

/** Leases in memory without renewal. Advance the clock to let one expire, or take it away with `lose`. */
export class FakeTargetLease implements TargetLease {
  /** Keys of the targets whose lease was granted, oldest first. */
  readonly granted: string[] = [];
  private readonly holders = new Map<string, { readonly untilMs: number }>();

  constructor(private readonly clock: Clock) {}

  /** Returns whether the target's lease is held. */
  isHeld(target: TargetId): boolean {
    const holder = this.holders.get(target.key);
    return holder !== undefined && holder.untilMs > this.clock.monotonicMs();
  }

  /** Ends the lease, so that no one holds the target. */
  expire(target: TargetId): void {
    this.holders.delete(target.key);
  }

  /** Gives the target to another instance, whoever holds it. */
  lose(target: TargetId): void {
    this.holders.set(target.key, { untilMs: this.clock.monotonicMs() + leaseMs });
  }

  async acquire(target: TargetId): Promise<HeldLease | undefined> {
    if (this.isHeld(target)) return undefined;
    const mine = { untilMs: this.clock.monotonicMs() + leaseMs };
    this.holders.set(target.key, mine);
    this.granted.push(target.key);
    return {
      fence: () => {
        const isMine = this.holders.get(target.key) === mine;
        if (isMine && mine.untilMs - this.clock.monotonicMs() >= marginMs) return;
        throw new PosternError('LEASE_LOST', `the lease of ${target.id} is lost or about to expire`);
      },
      release: async () => {
        if (this.holders.get(target.key) === mine) this.holders.delete(target.key);
      },
    };
  }
}
