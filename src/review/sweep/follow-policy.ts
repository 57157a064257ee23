import type { PolicySource } from '../../policy/policy';
import type { Sweep } from './sweep';
import type { SweepJournal } from './journal';

export interface FollowPolicyPorts {
  readonly policy: PolicySource;
  readonly journal: SweepJournal;
  readonly sweep: Sweep;
}

/** Sweeps at once when the policy in force is not the one that was last swept for. Cheap when it is: two small reads. */
export type FollowPolicy = (traceId: string | undefined) => Promise<void>;

export function createFollowPolicy({ policy, journal, sweep }: FollowPolicyPorts): FollowPolicy {
  return async (traceId) => {
    const loaded = await policy.current();
    // The timed sweep tells of a policy that does not load.
    if (loaded.kind === 'refused') return;
    const { policy: swept } = await journal.read();
    const { digest, mode } = loaded.policy;
    if (swept?.digest !== digest || swept.mode !== mode) await sweep(traceId);
  };
}
