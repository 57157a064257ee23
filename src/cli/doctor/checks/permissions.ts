import { targetProfiles, type TargetType } from '../../../connections/target-type';
import type { TargetId } from '../../../connections/resource-id';
import { counted } from '../../output';
import { notChecked, type Check, type CheckRun } from '../check';
import { missingActions } from './effective-actions';
import { forEachSome, mostTargets, type Examination } from '../examination';
import { ok, problem, warning, type Finding } from '../finding';
import { describeIdentity } from './identity';
import type { ArmReading } from '../sources';

export function permissionsCheck(examination: Examination): Check {
  return {
    name: 'permissions',
    title: 'Rights on targets',
    async run(run) {
      const arm = examination.sources.arm();
      const { targets, unread, isCut } = await examination.targets();
      run.report(await whoIsAsked(examination));
      for (const { subscriptionId, error } of unread) run.report(notChecked(subscriptionId, error));
      for (const finding of unseen(examination.subscriptions, targets)) run.report(finding);
      await checkSubscriptions(arm, targets, run);
      const allRight = await checkTargets(arm, targets, run);
      if (allRight > 0) run.report(ok('targets', `nothing is missing on ${counted(allRight, 'target')}`));
      if (isCut) run.report(warning('targets', `more than ${mostTargets}: only so many were asked`, narrow));
    },
  };
}

const narrow = 'name some with --subscription';

/** The permissions API tells of its caller and of nobody else. */
async function whoIsAsked({ sources }: Examination): Promise<Finding> {
  return ok('asked as', describeIdentity(await sources.identity().whoAmI()));
}

/** A subscription that was named and in which nothing can be seen. */
function unseen(subscriptions: readonly string[], targets: readonly TargetId[]): readonly Finding[] {
  const seen = new Set(targets.map(({ subscriptionId }) => subscriptionId.toLowerCase()));
  if (subscriptions.length === 0 && targets.length === 0)
    return [warning('targets', 'none can be seen in any subscription', 'has the role been assigned?')];
  return subscriptions
    .filter((id) => !seen.has(id))
    .map((id) => warning(id, 'no target can be seen in this subscription', 'has the role been assigned?'));
}

/** What is asked of a subscription itself: a role on a resource group does not cover it. */
async function checkSubscriptions(
  { permissions, needed }: ArmReading,
  targets: readonly TargetId[],
  { report, signal }: CheckRun,
): Promise<void> {
  const types = new Map<string, Set<TargetType>>();
  for (const { subscriptionId, type } of targets) {
    const key = subscriptionId.toLowerCase();
    types.set(key, (types.get(key) ?? new Set()).add(type));
  }
  await forEachSome([...types], signal, async ([id, ofTypes]) => {
    try {
      const granted = await permissions.permissionsOn(`/subscriptions/${id}`);
      const missing = missingActions(needed.onSubscription([...ofTypes]), granted);
      if (missing.length === 0) return;
      const message = `the identity lacks ${missing.join(', ')} on the subscription itself`;
      report(warning(id, message, 'assign Postern’s role on the subscription'));
    } catch (error) {
      report(notChecked(id, error));
    }
  });
}

/** Tells of each target with something missing; resolves to how many have all. */
async function checkTargets(
  { permissions, needed }: ArmReading,
  targets: readonly TargetId[],
  { report, signal }: CheckRun,
): Promise<number> {
  let allRight = 0;
  await forEachSome(targets, signal, async (target) => {
    try {
      const granted = await permissions.permissionsOn(target.id);
      const missing = missingActions(needed.onTarget(target.type), granted);
      if (missing.length === 0) allRight += 1;
      else report(lacking(target, missing));
    } catch (error) {
      report(notChecked(target.id, error));
    }
  });
  return allRight;
}

function lacking(target: TargetId, missing: readonly string[]): Finding {
  const what = `${targetProfiles[target.type].label}: the identity lacks ${missing.join(', ')}`;
  return problem(target.id, what, 'assign Postern’s role on it, on its resource group or its subscription');
}
