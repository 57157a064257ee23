import { profileOf, type TargetType } from '../../../connections/target-type';
import type { TargetId } from '../../../connections/resource-id';
import { counted } from '../../output';
import { notChecked, type Check, type CheckRun } from '../check';
import { missingActions } from './effective-actions';
import { forEachSome, mostTargets, type Examination } from '../examination';
import { ok, problem, warning, type Finding } from '../finding';
import { describeIdentity } from './identity';
import type { ArmReading } from '../sources';

/** Creates the check of the caller's permissions on subscriptions and targets. */
export function permissionsCheck(examination: Examination): Check {
  return {
    name: 'permissions',
    title: 'Permissions on targets',
    async run(run) {
      const arm = examination.sources.arm();
      const { targets, readFailed, isCut } = await examination.targets();
      run.report(await callerFinding(examination));
      for (const { subscriptionId, error } of readFailed) run.report(notChecked(subscriptionId, error));
      for (const finding of withoutTargets(examination.subscriptions, targets)) run.report(finding);
      await checkSubscriptions(arm, targets, run);
      const allRight = await checkTargets(arm, targets, run);
      if (allRight > 0)
        run.report(ok('targets', `no permission is missing on ${counted(allRight, 'target')}`));
      if (isCut) run.report(warning('targets', `only the first ${mostTargets} targets were checked`, narrow));
    },
  };
}

const assignRole = 'check that Postern’s role is assigned';
const narrow = 'check fewer subscriptions at once with --subscription';

/** Reports the caller's identity. The permissions API returns only the caller's own permissions. */
async function callerFinding({ sources }: Examination): Promise<Finding> {
  return ok('checked identity', describeIdentity(await sources.identity().whoAmI()));
}

/** Reports named subscriptions without a visible target. */
function withoutTargets(subscriptions: readonly string[], targets: readonly TargetId[]): readonly Finding[] {
  const seen = new Set(targets.map(({ subscriptionId }) => subscriptionId.toLowerCase()));
  if (subscriptions.length === 0 && targets.length === 0)
    return [warning('targets', 'no target is visible in any subscription', assignRole)];
  return subscriptions
    .filter((id) => !seen.has(id))
    .map((id) => warning(id, 'no target is visible in this subscription', assignRole));
}

/** Checks the permissions on each subscription itself, which a role on a resource group does not cover. */
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

/** Reports each target with missing permissions. Returns the number of targets without any. */
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
  const what = `${profileOf(target.type).label}: the identity lacks ${missing.join(', ')}`;
  return problem(target.id, what, 'assign Postern’s role on it, on its resource group or its subscription');
}
