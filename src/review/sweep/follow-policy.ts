import type { PolicySource } from '../../policy/policy';
import type { Sweep } from './sweep';
import type { SweepJournal } from './journal';

/** The ports of `createFollowPolicy`. */
export interface FollowPolicyPorts {
  readonly policy: PolicySource;
  readonly journal: SweepJournal;
  readonly sweep: Sweep;
}

/** Sweeps if the policy has changed since the last sweep. */
export type FollowPolicy = (traceId: string | undefined) => Promise<void>;

/**
 * Creates the check for a changed policy. It starts a sweep at once if the policy in force is not
 * the one of the last sweep; otherwise it costs two small reads. Rejects with the errors of the
 * sweep.
 */
export function createFollowPolicy({ policy, journal, sweep }: FollowPolicyPorts): FollowPolicy {
  return async (traceId) => {
    const loaded = await policy.current();
    // The timed sweep records a policy that does not load.
    if (loaded.kind === 'refused') return;
    const { policy: swept } = await journal.read();
    const { digest, mode } = loaded.policy;
    if (swept?.digest !== digest || swept.mode !== mode) await sweep(traceId);
  };
}
