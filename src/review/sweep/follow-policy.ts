import { describeError, PosternError } from '../../base/errors';
import type { Logger } from '../../base/logger';
import type { Policy, PolicySource } from '../../policy/policy';
import type { ManagedLists } from '../lists/managed-lists';
import type { Sweep } from './sweep';
import type { SweepJournal } from './journal';

/** The ports of `createFollowPolicy`. */
export interface FollowPolicyPorts {
  readonly policy: PolicySource;
  readonly journal: SweepJournal;
  readonly sweep: Sweep;
  readonly managedLists: Pick<ManagedLists, 'refresh'>;
  readonly logger: Pick<Logger, 'warn'>;
}

/** Reads the policy's managed lists again, and sweeps if they or the policy have changed since the last sweep. */
export type FollowPolicy = (traceId: string | undefined) => Promise<void>;

/**
 * Creates the check for a changed policy. It starts a sweep at once if the policy in force is not
 * the one of the last sweep, or a managed list has other entries; otherwise it costs two small
 * reads. Lists are read before the sweep, so that its reviews decide by them. Rejects with the errors
 * of the sweep; lists that cannot be stored now are left to the next minute.
 */
export function createFollowPolicy(ports: FollowPolicyPorts): FollowPolicy {
  const { policy, journal, sweep } = ports;
  return async (traceId) => {
    const loaded = await policy.current();
    // The timed sweep records a policy that does not load.
    if (loaded.kind === 'refused') return;
    const hasNewLists = await refreshLists(ports, loaded.policy, traceId);
    const { policy: swept } = await journal.read();
    const { digest, mode } = loaded.policy;
    if (hasNewLists || swept?.digest !== digest || swept.mode !== mode) await sweep(traceId);
  };
}

async function refreshLists(
  { managedLists, logger }: FollowPolicyPorts,
  policy: Policy,
  traceId: string | undefined,
): Promise<boolean> {
  if (policy.managedLists.length === 0) return false;
  try {
    return await managedLists.refresh(policy, traceId);
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    logger.warn(`Managed lists could not be read again. ${describeError(error)}`);
    return false;
  }
}
