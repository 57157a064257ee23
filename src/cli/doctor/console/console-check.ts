import { describeError } from '../../../base/errors';
import type { ConsoleSettings } from '../../../config/config';
import { type Check, type CheckRun, notChecked, oneLine } from '../check';
import type { Examination } from '../examination';
import { type Finding, ok, problem, warning } from '../finding';
import type { DeployedConsole } from '../sources';
import { checkRegistration } from './registration-check';

/** Creates the check of the console: its keys, its registration, its function, and what stands before it. */
export function consoleCheck(examination: Examination): Check {
  return {
    name: 'console',
    title: 'Console',
    async run(run) {
      const { settings } = examination.sources;
      const { config } = settings;
      if (config === undefined) {
        run.report(warning('console', 'not checked: a setting is wrong', 'fix the settings listed above'));
        return;
      }
      if (config.console === undefined) {
        run.report(ok('console', 'no console is configured'));
        return;
      }
      judgeEnvironment(settings.environment).forEach(run.report);
      await checkPolicy(examination, run);
      await checkKeys(examination, config.console, run);
      await checkRegistration(examination, config.console, run);
      await checkApp(examination, run);
    },
  };
}

const easyAuth =
  'App Service authentication is on: it refuses Event Grid’s deliveries, and the console does not need it';
const easyAuthFix = 'az webapp auth update --enabled false';

function judgeEnvironment(environment: Readonly<Record<string, string | undefined>>): readonly Finding[] {
  const isOn = /^(?:true|1)$/i.test(environment['WEBSITE_AUTH_ENABLED']?.trim() ?? '');
  return isOn ? [problem('WEBSITE_AUTH_ENABLED', easyAuth, easyAuthFix)] : [];
}

async function checkPolicy({ sources }: Examination, { report }: CheckRun): Promise<void> {
  const { path, source } = sources.policy();
  const load = await source.current();
  if (load.kind === 'refused') {
    report(warning(path, 'not checked: the policy does not load', `postern validate ${path}`));
    return;
  }
  report(
    load.policy.answers === undefined
      ? warning(path, 'nobody may answer in the console', 'add `console: {approve: [role]}` to one file')
      : ok(path, 'the policy says who may answer'),
  );
}

async function checkKeys(
  { sources }: Examination,
  { authority, tenantId }: ConsoleSettings,
  { report }: CheckRun,
): Promise<void> {
  const url = `${authority}/${tenantId}/discovery/v2.0/keys`;
  try {
    const count = await sources.signInKeys().count(url);
    report(
      count > 0
        ? ok(url, 'the keys of the sign-in service can be read from here')
        : problem(url, 'the sign-in service has no keys', 'check CONSOLE_TENANT_ID and CONSOLE_AUTHORITY'),
    );
  } catch (error) {
    const message = `the keys of the sign-in service cannot be read from here: ${oneLine(describeError(error))}`;
    const fix = 'check CONSOLE_TENANT_ID and CONSOLE_AUTHORITY, and that the app can reach this address';
    report(problem(url, message, fix));
  }
}

async function checkApp({ sources, functionAppId }: Examination, { report }: CheckRun): Promise<void> {
  if (functionAppId === undefined) {
    report(warning('console', 'the app was not checked', 'name it with --function-app'));
    return;
  }
  try {
    judgeConsole(functionAppId, await sources.arm().deployed.console(functionAppId)).forEach(report);
  } catch (error) {
    report(notChecked(functionAppId, error));
  }
}

/** Checks what stands between a browser and the console. */
export function judgeConsole(place: string, app: DeployedConsole | undefined): readonly Finding[] {
  if (app === undefined) return [problem(place, 'there is no such function app', 'check --function-app')];
  const findings: Finding[] = [];
  if (app.functionState !== 'ready')
    findings.push(
      problem(
        place,
        app.functionState === 'missing'
          ? 'the app has no function console: it started without both ids'
          : 'the function console is disabled',
        app.functionState === 'missing'
          ? 'set CONSOLE_CLIENT_ID and CONSOLE_TENANT_ID in its settings'
          : 'remove the setting AzureWebJobs.console.Disabled',
      ),
    );
  if (!app.httpsOnly)
    findings.push(problem(place, 'the app answers plain HTTP', 'az functionapp update --set httpsOnly=true'));
  if (app.hasAuthentication) findings.push(problem(place, easyAuth, easyAuthFix));
  return findings.length > 0 ? findings : [ok(place, 'the console’s function is there, over HTTPS only')];
}
