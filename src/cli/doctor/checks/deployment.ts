import { targetTypes } from '../../../connections/target-type';
import { counted } from '../../output';
import { notChecked, type Check, type CheckRun } from '../check';
import { missingActions, type Permission } from './effective-actions';
import { findTargets, forEachSome, type Examination } from '../examination';
import { ok, problem, warning, type Finding } from '../finding';
import type { CustomRole, DeployedApp, NeededActions } from '../sources';

/** What the templates cannot see: what is there beside them, and what an older version of them has made. */
export function deploymentCheck(examination: Examination): Check {
  return {
    name: 'deployment',
    title: 'What is deployed',
    async run(run) {
      await checkApp(examination, run);
      await checkRoles(examination, run);
      await checkUnlisted(examination, run);
    },
  };
}

const functionName = 'onResourceEvent';

async function checkApp({ sources, functionAppId }: Examination, { report }: CheckRun): Promise<void> {
  if (functionAppId === undefined) return;
  try {
    judgeApp(functionAppId, await sources.arm().deployed.functionApp(functionAppId, functionName)).forEach(
      report,
    );
  } catch (error) {
    report(notChecked(functionAppId, error));
  }
}

/** Whether Event Grid could deliver, if somebody subscribed. */
export function judgeApp(place: string, app: DeployedApp | undefined): readonly Finding[] {
  if (app === undefined) return [problem(place, 'there is no such function app', 'is --function-app right?')];
  const findings: Finding[] = [];
  if (app.state !== undefined && app.state.toLowerCase() !== 'running')
    findings.push(problem(place, `the app is ${app.state}: nothing is answered`, 'az functionapp start'));
  if (app.functionState === 'missing')
    findings.push(
      problem(
        place,
        `it lists no function ${functionName}: the package does not start, or is another one`,
        'look at its log stream, and deploy the package again',
      ),
    );
  if (app.functionState === 'disabled')
    findings.push(
      warning(
        place,
        `${functionName} is disabled: events are not taken`,
        `enable it: take the setting AzureWebJobs.${functionName}.Disabled away`,
      ),
    );
  if (!app.isPublic)
    findings.push(
      warning(
        place,
        'nobody reaches it from public networks: Event Grid cannot deliver, only the sweep finds requests',
        'let Event Grid in, if you want events',
      ),
    );
  return findings.length > 0 ? findings : [ok(place, `${functionName} is there and can be reached`)];
}

/** Postern's own roles, whoever runs doctor: an upgrade that leaves stage one out leaves an old role. */
async function checkRoles(examination: Examination, { report, signal }: CheckRun): Promise<void> {
  const { deployed, needed } = examination.sources.arm();
  const { targets } = await examination.targets();
  const withTargets = targets.map(({ subscriptionId }) => subscriptionId.toLowerCase());
  const ids = examination.subscriptions.length > 0 ? examination.subscriptions : [...new Set(withTargets)];
  await forEachSome(ids, signal, async (id) => {
    try {
      judgeRoles(id, await deployed.customRoles(id), needed).forEach(report);
    } catch (error) {
      report(notChecked(id, error));
    }
  });
}

/** None of that name: the rights come from another role, and the check of rights tells of those. */
export function judgeRoles(
  place: string,
  roles: readonly CustomRole[],
  { onTarget, onSubscription }: Pick<NeededActions, 'onTarget' | 'onSubscription'>,
): readonly Finding[] {
  const wanted = [...targetTypes.flatMap((type) => [...onTarget(type)]), ...onSubscription(targetTypes)];
  const judged = roles
    .filter(({ roleName }) => /^Postern Operator\b/i.test(roleName))
    .map((role) => ({
      ...role,
      missing: missingActions(wanted, role.permissions satisfies readonly Permission[]),
    }));
  // A second Postern may be of another version: one role that has all is somebody's.
  const level = judged.some(({ missing }) => missing.length === 0) ? warning : problem;
  return judged.map(({ roleName, missing }) =>
    missing.length === 0
      ? ok(place, `${roleName} has what this version needs`)
      : level(
          place,
          `${roleName} lacks ${missing.join(', ')}`,
          'deploy stage one again, and the onboarding of a management group',
        ),
  );
}

/** Taken off the list, or never on it: the sweep leaves it alone, and events are answered wherever the role is. */
async function checkUnlisted({ sources }: Examination, { report }: CheckRun): Promise<void> {
  const listed = sources.settings.config?.sweepSubscriptions ?? [];
  if (listed.length === 0) {
    report(ok('subscriptions', 'no list: every subscription that can be read is swept'));
    return;
  }
  const { targets } = await findTargets(sources.arm(), []);
  const counts = new Map<string, number>();
  for (const { subscriptionId } of targets) {
    const id = subscriptionId.toLowerCase();
    if (!listed.includes(id)) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  for (const [id, count] of counts) report(unlisted(id, count));
  if (counts.size === 0) report(ok('subscriptions', 'no target can be seen in any that is not on the list'));
}

function unlisted(id: string, count: number): Finding {
  const message =
    `${counted(count, 'target')} can be seen here, and SWEEP_SUBSCRIPTIONS does not name it: ` +
    'the sweep leaves it out, and what events tell of is answered if Postern has its role there';
  return warning(
    id,
    message,
    'put it on the list, or see what is left over: node scripts/deployment.mjs list',
  );
}
