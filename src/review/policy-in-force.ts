import type { PolicyLoad, PolicySource } from '../policy/policy';

/** The memory of the version of the policy that was adopted last, shared by all instances. */
export interface PolicyMemory {
  /**
   * Returns the digest of the version; `undefined` if none was ever adopted.
   * @throws PosternError STORE_UNAVAILABLE
   */
  read(): Promise<string | undefined>;
  /** @throws PosternError STORE_UNAVAILABLE */
  write(digest: string): Promise<void>;
}

/** The ports of `createPolicyInForce`. */
export interface PolicyInForcePorts {
  readonly policy: PolicySource;
  readonly memory: PolicyMemory;
}

/**
 * Creates the source of the policy that all instances agree on. An instance records each version
 * before it decides by it. While the newest version cannot be loaded, each instance keeps the last
 * one that it has loaded itself. One that was idle may have missed a valid version in between: it
 * refuses the policy instead of deciding by an older one.
 * @throws (the returned source) PosternError STORE_UNAVAILABLE, only when a version is new, or
 *   while the newest one cannot be loaded.
 */
export function createPolicyInForce({ policy, memory }: PolicyInForcePorts): PolicySource {
  let adopted: string | undefined;

  async function adopt({ digest }: Extract<PolicyLoad, { kind: 'loaded' }>['policy']): Promise<void> {
    if (adopted === digest) return;
    if ((await memory.read()) !== digest) await memory.write(digest);
    adopted = digest;
  }

  return {
    current: async () => {
      const load = await policy.current();
      if (load.kind !== 'loaded') return load;
      if (load.refusedUpdate === undefined) {
        await adopt(load.policy);
        return load;
      }
      const isLast = (await memory.read()) === load.policy.digest;
      return isLast ? load : { kind: 'refused', ...load.refusedUpdate };
    },
  };
}
