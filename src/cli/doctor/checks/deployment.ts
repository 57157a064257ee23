import { counted } from '../../output';
import { notChecked, type Check, type CheckRun } from '../check';
import { missingActions, type Permission } from './effective-actions';
import { findTargets, forEachSome, type Examination } from '../examination';
import { ok, problem, warning, type Finding } from '../finding';
import type { CustomRole, DeployedApp, ArmReading, NeededActions } from '../sources';

/**
 * Creates the check of the function app, Postern's roles, and targets outside of the configured
 * subscriptions.
 */
export function deploymentCheck(examination: Examination): Check {
  return {
    name: 'deployment',
    title: 'Deployment',
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

/** Checks whether Event Grid can deliver to the function app. */
export function judgeApp(place: string, app: DeployedApp | undefined): readonly Finding[] {
  if (app === undefined) return [problem(place, 'there is no such function app', 'check --function-app')];
  const findings: Finding[] = [];
  if (app.state !== undefined && app.state.toLowerCase() !== 'running')
    findings.push(problem(place, `the app is ${app.state}, so nothing is answered`, 'az functionapp start'));
  if (app.functionState === 'missing')
    findings.push(
      problem(
        place,
        `the app has no function ${functionName}: its package does not start, or is not Postern`,
        'check its log stream, and deploy the package again',
      ),
    );
  if (app.functionState === 'disabled')
    findings.push(
      warning(
        place,
        `${functionName} is disabled, so events are not processed`,
        `remove the setting AzureWebJobs.${functionName}.Disabled`,
      ),
    );
  if (!app.isPublic)
    findings.push(
      warning(
        place,
        'public networks cannot reach the app: Event Grid cannot deliver, and only the sweep finds requests',
        'admit Event Grid if you want events',
      ),
    );
  return findings.length > 0 ? findings : [ok(place, `${functionName} exists and can be reached`)];
}

/** Checks Postern's own roles. After an upgrade without stage one, they are those of the old version. */
async function checkRoles(examination: Examination, { report, signal }: CheckRun): Promise<void> {
  const { deployed, needed, types } = examination.sources.arm();
  const { targets } = await examination.targets();
  const withTargets = targets.map(({ subscriptionId }) => subscriptionId.toLowerCase());
  const ids = examination.subscriptions.length > 0 ? examination.subscriptions : [...new Set(withTargets)];
  await forEachSome(ids, signal, async (id) => {
    try {
      judgeRoles(id, await deployed.customRoles(id), { ...needed, types }).forEach(report);
    } catch (error) {
      report(notChecked(id, error));
    }
  });
}

/**
 * Checks the roles named `Postern Operator`. Without one there is no finding: the permissions check
 * covers other roles.
 */
export function judgeRoles(
  place: string,
  roles: readonly CustomRole[],
  {
    onTarget,
    onSubscription,
    types,
  }: Pick<NeededActions, 'onTarget' | 'onSubscription'> & Pick<ArmReading, 'types'>,
): readonly Finding[] {
  const wanted = [...types.flatMap((type) => [...onTarget(type)]), ...onSubscription(types)];
  const judged = roles
    .filter(({ roleName }) => /^Postern Operator\b/i.test(roleName))
    .map((role) => ({
      ...role,
      missing: missingActions(wanted, role.permissions satisfies readonly Permission[]),
    }));
  // A second Postern may have another version. If one role is complete, the others only cause warnings.
  const level = judged.some(({ missing }) => missing.length === 0) ? warning : problem;
  return judged.map(({ roleName, missing }) =>
    missing.length === 0
      ? ok(place, `${roleName} has all actions of this version`)
      : level(
          place,
          `${roleName} lacks ${listOf(missing)}`,
          'deploy stage one again, and repeat the onboarding of management groups',
        ),
  );
}

/**
 * Finds targets in subscriptions that SWEEP_SUBSCRIPTIONS leaves out. The sweep skips them, but
 * events are answered there.
 */
async function checkUnlisted({ sources }: Examination, { report }: CheckRun): Promise<void> {
  const listed = sources.settings.config?.sweepSubscriptions ?? [];
  if (listed.length === 0) {
    report(ok('subscriptions', 'SWEEP_SUBSCRIPTIONS is not set: every readable subscription is swept'));
    return;
  }
  const { targets } = await findTargets(sources.arm(), []);
  const counts = new Map<string, number>();
  for (const { subscriptionId } of targets) {
    const id = subscriptionId.toLowerCase();
    if (!listed.includes(id)) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  for (const [id, count] of counts) report(unlisted(id, count));
  if (counts.size === 0) report(ok('subscriptions', 'no target is visible outside of SWEEP_SUBSCRIPTIONS'));
}

function unlisted(id: string, count: number): Finding {
  const message =
    `SWEEP_SUBSCRIPTIONS does not contain this subscription, which has ${counted(count, 'target')}: ` +
    'the sweep skips it, but requests from events are answered if Postern has its role there';
  return warning(
    id,
    message,
    'add it to SWEEP_SUBSCRIPTIONS, or find leftovers of Postern there: node scripts/deployment.mjs list',
  );
}

/** The most actions to name: a role of an older version may lack hundreds. */
const mostNamed = 12;

function listOf(actions: readonly string[]): string {
  const more = actions.length - mostNamed;
  const named = actions.slice(0, mostNamed).join(', ');
  return more <= 0 ? named : `${named} and ${more} more`;
}
