import { analyzePolicy } from '../../policy/analysis/analyze-policy';
import { loadPolicy } from '../../policy/compile-policy';
import { isExpectedPath } from '../../policy/file/policy-files';
import type { RecordsHost } from '../show/connection-records';
import type { Policy, PolicyFile, PolicyFinding, PolicyProblem } from '../../policy/policy';
import type { CliHost, Command, ExitCode, ToolOptions } from '../cli-host';
import { defaultPolicyPath, formatPlaces, locate } from '../load-policy';
import { counted, printJson, printLines } from '../output';
import { limitsText } from './answer-text';
import { readArgs } from '../tool-options';
import { validateItems } from '../formats/validate-items';

const options = { strict: { type: 'boolean' }, json: { type: 'boolean' } } as const satisfies ToolOptions;

/** The tool `postern validate`: checks policies. */
export const validate: Command<Pick<RecordsHost, 'policyPath'>> = {
  summary: 'check a policy and show every problem with its location and fix',
  options,
  items: validateItems,
  help: `Usage: postern validate [options] [path...]

Checks policies. Each path is a policy file, or a folder whose files form one policy, on disk or at an https URL in blob
storage. Default: POLICY_PATH, then ${defaultPolicyPath}
Warns about rules that approve any requester, tests that match more ids than intended, lists that no rule uses, rules that
can never match, never decide, add nothing or undo each other, values that end at an unintended YAML comment, unknown time
zones, and writes without a limit. A text that can never match the fact it is compared with is a problem, although such a
policy loads.

Options:
  --strict  also exit with 1 if there are warnings
  --json    JSON output
  --help    show this help

Exit code: 0 if every policy loads without problems, 1 if one does not (with --strict also if one has warnings), 2 for wrong
usage.`,

  async run(args, host) {
    const { values, positionals } = readArgs(args, options);
    const paths = positionals.length === 0 ? [host.policyPath ?? defaultPolicyPath] : positionals;
    const checks: PolicyCheck[] = [];
    for (const path of paths) checks.push(checkOf(path, await host.readPolicy(path)));
    if (values.json === true) await printJson(host, { policies: checks.map(plain) });
    else for (const check of checks) await printCheck(host, check);
    return exitCode(checks, values.strict === true);
  },
};

/** The result of checking one policy. */
interface PolicyCheck {
  readonly path: string;
  readonly files: readonly PolicyFile[];
  readonly digest: string;
  readonly policy: Policy | undefined;
  readonly problems: readonly PolicyProblem[];
  readonly warnings: readonly PolicyProblem[];
}

function checkOf(path: string, files: readonly PolicyFile[]): PolicyCheck {
  const load = loadPolicy(files);
  if (load.kind === 'refused') {
    const { digest, problems } = load;
    return { path, files, digest, policy: undefined, problems, warnings: [] };
  }
  const { policy } = load;
  const found = analyzePolicy(files);
  const of = (wanted: PolicyFinding['severity']): readonly PolicyProblem[] =>
    found.filter(({ severity }) => severity === wanted).map(withoutSeverity);
  const problems = [...of('error'), ...policy.expected.problems];
  const warnings = [...of('warning'), ...unreadAnnouncements(files, policy)];
  return { path, files, digest: policy.digest, policy, problems, warnings };
}

/** Warns of announcements that no rule reads: they approve nothing. */
function unreadAnnouncements(files: readonly PolicyFile[], { expected, reads }: Policy): PolicyProblem[] {
  const file = files.find(({ path }) => isExpectedPath(path));
  if (reads.expected || expected.requests.length === 0 || file === undefined) return [];
  const message =
    'no rule reads `expected`, so that these announcements have no effect: write a rule with `has(expected.by)`';
  return [{ path: file.path, line: 1, column: 1, length: 1, message }];
}

function withoutSeverity({ path, line, column, length, message }: PolicyFinding): PolicyProblem {
  return { path, line, column, length, message };
}

async function printCheck(host: CliHost, check: PolicyCheck): Promise<void> {
  const { path, files, policy, problems } = check;
  const warnings = check.warnings.map((found) => ({ ...found, message: `warning: ${found.message}` }));
  const places = formatPlaces(path, [...problems, ...warnings], files);
  await printLines(host, [...places, ...(places.length === 0 ? [] : ['']), ...ending(path, policy, check)]);
}

function ending(path: string, policy: Policy | undefined, { problems, warnings }: PolicyCheck): string[] {
  if (policy === undefined) return [`${path} does not load: ${counted(problems.length, 'problem')}`];
  const what = `${counted(policy.ruleCount, 'rule')}, mode ${policy.mode}, digest ${policy.digest.slice(0, 12)}`;
  const but = [
    ...(problems.length === 0 ? [] : [`, ${counted(problems.length, 'problem')}`]),
    ...(warnings.length === 0 ? [] : [`, ${counted(warnings.length, 'warning')}`]),
  ].join('');
  const limits = limitsText(policy.limits);
  const { requests } = policy.expected;
  const announced = requests.length === 0 ? [] : [`  announced: ${counted(requests.length, 'request')}`];
  return [`${path} loads: ${what}${but}`, ...(limits === '' ? [] : [`  limits: ${limits}`]), ...announced];
}

function plain({ path, digest, policy, problems, warnings }: PolicyCheck): object {
  const loaded = policy && {
    mode: policy.mode,
    rules: policy.ruleCount,
    statuses: policy.statuses,
    limits: policy.limits,
    announced: policy.expected.requests.length,
  };
  const at = (found: PolicyProblem): PolicyProblem => ({ ...found, path: locate(path, found.path) });
  const places = { problems: problems.map(at), warnings: warnings.map(at) };
  return { path, digest, loads: policy !== undefined, ...loaded, ...places };
}

function exitCode(checks: readonly PolicyCheck[], strict: boolean): ExitCode {
  const found = checks.some(
    ({ problems, warnings }) => problems.length > 0 || (strict && warnings.length > 0),
  );
  return found ? 1 : 0;
}
