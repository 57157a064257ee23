import { hasCode } from '../base/errors';
import type { PolicyLoad, PolicySource } from '../policy/policy';
import type { SweepJournal } from './sweep/journal';

/** The ports of `createPolicyInForce`. */
export interface PolicyInForcePorts {
  readonly policy: PolicySource;
  readonly journal: Pick<SweepJournal, 'read'>;
}

/**
 * Creates the source of the policy that all instances agree on. While the newest version cannot be
 * loaded, each instance keeps the last one that it has loaded itself. One that was idle may have
 * missed a valid version in between; it refuses the policy instead of deciding by an older one. The
 * journal of sweeps names the last version that was in force.
 * @throws (the returned source) PosternError STORE_UNAVAILABLE, only while the newest version
 *   cannot be loaded.
 */
export function createPolicyInForce({ policy, journal }: PolicyInForcePorts): PolicySource {
  return {
    current: async () => {
      const load = await policy.current();
      if (load.kind !== 'loaded' || load.refusedUpdate === undefined) return load;
      const isLast = (await lastDigest(journal)) === load.policy.digest;
      return isLast ? load : refused(load.refusedUpdate);
    },
  };
}

/** Returns the digest of the policy of the last sweep; `undefined` if there is none or it is unreadable. */
async function lastDigest(journal: Pick<SweepJournal, 'read'>): Promise<string | undefined> {
  try {
    return (await journal.read()).policy?.digest;
  } catch (error) {
    if (hasCode(error, 'STORE_UNREADABLE')) return undefined;
    throw error;
  }
}

function refused(update: NonNullable<Extract<PolicyLoad, { kind: 'loaded' }>['refusedUpdate']>): PolicyLoad {
  return { kind: 'refused', ...update };
}
