import { parseResourceId } from '../../connections/resource-id';
import { PosternError } from '../../base/errors';
import type { Environment } from '../../config/config';
import { CliError, type CliHost, type Command, type ToolOptions } from '../cli-host';
import { idOrSame } from '../id-argument';
import { subscriptionsFrom } from '../option-values';
import { printJson, printLines } from '../output';
import { type Check, type CheckResult, runCheck } from './check';
import { deploymentCheck } from './checks/deployment';
import { eventsCheck } from './checks/events';
import { identityCheck } from './checks/identity';
import { operationsCheck } from './checks/operations';
import { pendingCheck } from './checks/pending';
import { permissionsCheck } from './checks/permissions';
import { policyCheck } from './checks/policy';
import { requestersCheck } from './checks/requesters';
import { settingsCheck } from './checks/settings';
import { storageCheck } from './checks/storage';
import { sweepCheck } from './checks/sweep';
import { versionsCheck } from './checks/versions';
import { consoleCheck } from './console/console-check';
import { groupsCheck } from './groups/groups-check';
import { type Examination, findTargets, once } from './examination';
import { worstOf } from './finding';
import { groupLines, reportJson, summaryLine } from './report';
import { settingsFromFile } from './settings-file';
import type { DoctorHost } from './sources';
import { readOptions } from '../tool-options';

/** Timeout of each check, so that one that hangs does not block the others. */
const checkTimeoutMs = 120_000;
const defaultPendingMinutes = 60;

const allChecks = (examination: Examination): readonly Check[] =>
  [
    settingsCheck,
    identityCheck,
    storageCheck,
    policyCheck,
    versionsCheck,
    permissionsCheck,
    requestersCheck,
    groupsCheck,
    eventsCheck,
    deploymentCheck,
    consoleCheck,
    sweepCheck,
    operationsCheck,
    pendingCheck,
  ].map((make) => make(examination));

const options = {
  settings: { type: 'string' },
  subscription: { type: 'string', multiple: true },
  'function-app': { type: 'string' },
  'pending-minutes': { type: 'string' },
  only: { type: 'string', multiple: true },
  all: { type: 'boolean' },
  json: { type: 'boolean' },
} as const satisfies ToolOptions;

/** The tool `postern doctor`: checks a deployment. */
export const doctor: Command<DoctorHost> = {
  summary: 'check a deployment and show its problems with their fixes',
  options,
  help: `Usage: postern doctor [options]

Checks settings, identity, storage, policy, API versions, permissions on targets and on endpoints, management groups, event
subscriptions, the deployment, the console, the last sweep, operations and the oldest Pending connections. It only reads. A failing check does not stop the
others. Settings come from the environment; those in --settings override it. The checked permissions are those of the
identity that runs doctor.

Options:
  --settings <file>      a local.settings.json, or an app's settings as az, ARM or Az PowerShell print them
  --subscription <ids>   subscriptions of the targets, repeatable. Default: SWEEP_SUBSCRIPTIONS, or all that you can read
  --function-app <id>    resource id of the function app that events must be delivered to. Default: any
  --pending-minutes <n>  report connections that are Pending for longer. Default: ${defaultPendingMinutes}
  --only <check>         run only these checks, repeatable: settings, identity, storage, policy, versions, permissions,
                         requesters, groups, events, deployment, sweep, operations, pending
  --all                  show every place of a finding, not only three
  --json                 JSON output
  --help                 show this help

Exit code: 0 if there is no problem (warnings do not count), 1 if there is one, 2 for wrong usage.`,

  async run(args, host) {
    const { values } = readOptions(args, options);
    const functionAppId = functionAppFrom(values['function-app']);
    const pendingMinutes = minutesFrom(values['pending-minutes']);
    const named = (values.subscription ?? []).flatMap((text) => subscriptionsFrom(text, '--subscription'));
    const file = values.settings;
    const settings = file === undefined ? {} : await settingsIn(file, host);
    const examination = examine(host, { settings, named, functionAppId, pendingMinutes });
    const checks = chosen(allChecks(examination), values.only ?? []);
    const results = await runAll(host, checks, values);
    return worstOf(results.flatMap(({ findings }) => findings)) === 'problem' ? 1 : 0;
  },
};

/** Reads the settings of a file, with the table of types that they name. */
async function settingsIn(file: string, host: DoctorHost & CliHost): Promise<Environment> {
  const settings = settingsFromFile(file, await host.readText(file));
  try {
    return await host.withOwnTypes(settings);
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    throw new CliError(`${file}: ${error.message}`);
  }
}

function examine(
  host: DoctorHost & CliHost,
  options: Pick<Examination, 'functionAppId' | 'pendingMinutes'> & {
    readonly settings: ReturnType<typeof settingsFromFile>;
    readonly named: readonly string[];
  },
): Examination {
  const { settings, named, functionAppId, pendingMinutes } = options;
  const sources = host.doctorSources(settings);
  const subscriptions = named.length > 0 ? named : (sources.settings.config?.sweepSubscriptions ?? []);
  const targets = once(async () => findTargets(sources.arm(), subscriptions));
  return { sources, clock: host.clock, subscriptions, functionAppId, pendingMinutes, targets };
}

/** Runs the checks one after the other, and prints each as soon as it is done. */
async function runAll(
  host: CliHost,
  checks: readonly Check[],
  { json: asJson = false, all = false }: { readonly json?: boolean; readonly all?: boolean },
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    const result = await runCheck(check, checkTimeoutMs);
    results.push(result);
    if (!asJson) await printLines(host, groupLines(result, all));
  }
  if (asJson) await printJson(host, reportJson(results, host.clock.now()));
  else await printLines(host, [summaryLine(results)]);
  return results;
}

function chosen(checks: readonly Check[], only: readonly string[]): readonly Check[] {
  const names = only.flatMap((text) => text.split(',')).map((name) => name.trim());
  const unknown = names.find((name) => !checks.some((check) => check.name === name));
  if (unknown !== undefined) {
    const known = checks.map(({ name }) => name).join(', ');
    throw new CliError(`there is no check ${JSON.stringify(unknown)}: use one of ${known}`);
  }
  return names.length === 0 ? checks : checks.filter(({ name }) => names.includes(name));
}

function minutesFrom(text: string | undefined): number {
  if (text === undefined) return defaultPendingMinutes;
  if (!/^\d{1,6}$/.test(text)) throw new CliError('--pending-minutes must be a whole number of minutes');
  return Number(text);
}

function functionAppFrom(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    const { type, id } = parseResourceId(idOrSame(text).replace(/\/+$/, ''));
    if (/^microsoft\.web\/sites(?:\/slots)?$/i.test(type)) return id;
  } catch {
    // Reported below: whatever the error is, this is not the id of a function app.
  }
  throw new CliError(
    '--function-app must be a resource id: /subscriptions/…/providers/Microsoft.Web/sites/NAME',
  );
}
