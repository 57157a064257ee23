import { PosternError } from '../../base/errors';
import { isUsableAt, noLists, type UsableLists } from '../../policy/lists/list-snapshot';
import type { Policy } from '../../policy/policy';
import type { TargetId } from '../../connections/resource-id';
import type { Tenants } from '../facts/tenants';

/** Reads the managed lists of a policy. */
export interface ListReader {
  /**
   * Resolves to the lists that decisions may use now. One whose last complete reading is too old, or
   * that was never read, is absent.
   * @throws PosternError STORE_UNAVAILABLE
   */
  current(policy: Policy): Promise<UsableLists>;
}

/** The target that is reviewed, and the policy that decides. */
interface Reviewed {
  readonly policy: Policy;
  readonly target: Pick<TargetId, 'subscriptionId'>;
}

interface Ports {
  readonly managedLists: ListReader;
  readonly tenants: Tenants;
}

/**
 * Returns the managed lists that decisions about a target may use, and the tenant of the target. A
 * list of another tenant says nothing about who is ours: it is absent.
 * @throws ArmError, PosternError STORE_UNAVAILABLE
 */
export async function listsFor(
  { managedLists, tenants }: Ports,
  { policy, target }: Reviewed,
): Promise<{ readonly lists: UsableLists; readonly tenantId: string | undefined }> {
  if (policy.managedLists.length === 0) return { lists: noLists, tenantId: undefined };
  const usable = await managedLists.current(policy);
  if (usable.size === 0) return { lists: noLists, tenantId: undefined };
  const tenantId = await tenants.tenantOf(target.subscriptionId);
  const own = [...usable].filter(([, list]) => list.tenantId === tenantId);
  return { lists: new Map(own), tenantId };
}

/** Tells whether the lists that a decision was made with still have the same entries, and none is absent. */
export async function areListsInForce(ports: Ports, job: Reviewed, decidedBy: UsableLists): Promise<boolean> {
  const { lists } = await listsFor(ports, job);
  return job.policy.managedLists.every(({ name }) => lists.get(name)?.digest === decidedBy.get(name)?.digest);
}

/**
 * Checks that no list that a decision was made with is too old, right before a write is sent: the
 * process may have been paused.
 * @throws PosternError READING_STALE
 */
export function assertListsYoung(decidedBy: UsableLists, now: Date): void {
  for (const [name, list] of decidedBy) {
    if (isUsableAt(list, now)) continue;
    throw new PosternError('READING_STALE', `the list ${name} was last read completely at ${list.readAt}`);
  }
}
