import { allReads } from '../../policy/cel/costly-reads';
import { answersText } from '../../policy/answers/answer-text';
import type { Policy } from '../../policy/policy';
import { CliError, type CliHost, type Command, type ToolOptions } from '../cli-host';
import { factsFromLines } from '../facts/facts-lines';
import { type AzureHost, findFacts } from '../facts/read-live-facts';
import { hasCode } from '../../base/errors';
import { factPathsOf, outlinePolicy } from '../../policy/analysis/rule-outline';
import { defaultPolicyPath, type LoadedPolicy, loadOrReport } from '../load-policy';
import {
  belowLines,
  type Both,
  both,
  changeLines,
  guardLines,
  noPolicyLines,
  type Policies,
} from './plan/changes';
import { planOf } from './plan/plan';
import { planHeading, planLines } from './plan/plan-lines';
import { planMarkdown } from './plan/plan-markdown';
import { withProgress } from '../facts/progress';
import { instantBefore, instantFrom, subscriptionsFrom } from '../option-values';
import { printJson, printLines } from '../output';
import { readGivenLists, withGivenLists } from './given-lists';
import { type BoundedTally, simulatePolicies, type Simulation } from './simulation';
import { readOptions } from '../tool-options';

const options = {
  candidate: { type: 'string' },
  policy: { type: 'string' },
  from: { type: 'string' },
  format: { type: 'string' },
  lists: { type: 'string' },
  subscriptions: { type: 'string' },
  now: { type: 'string' },
  age: { type: 'string' },
  json: { type: 'boolean' },
} as const satisfies ToolOptions;

/** The tool `postern simulate`: compares two policies over many connections. */
export const simulate: Command<AzureHost> = {
  summary: 'show what a candidate policy would change for many connections',
  options,
  help: `Usage: postern simulate --candidate <path> --from <file.jsonl | - | live> [options]

Decides every connection with the current policy and with a candidate, and shows what would change. Writes nothing.
Without a current policy it shows a plan: what the candidate would do, by effect, rule and target.

Options:
  --candidate <path>    the new policy: a file, a folder or an https URL
  --policy <path>       the current policy; \`none\` if there is none. Default: ${defaultPolicyPath}, or none if that does not exist
  --from <file | live>  a file of JSON lines as \`postern export\` writes them, or a list of connections as ARM, az or
                        Az PowerShell print it; \`-\` for the standard input; or \`live\` to read the connections from Azure
  --format <format>     changes, plan, or markdown (the plan for a pull request). Default: changes; without a current policy plan
  --subscriptions <ids> with live only: subscriptions of the targets, separated by commas. Default: all that you can read
  --lists <file>        the entries of managed lists of both policies, as \`postern lists --entries\` writes them
  --now <instant>       decide as of this time, such as 2026-01-31T00:00:00Z. Default: now
  --age <time>          time since the connections were first seen, such as 7d, if the file does not state it. Default: 0s
  --json                JSON output
  --help                show this help

Exit code: 0 if nothing would change, 1 if something would change or could not be read, 2 for wrong usage or if Azure does
not answer.`,

  async run(args, host) {
    const { values } = readOptions(args, options);
    const { from } = values;
    if (values.candidate === undefined || from === undefined)
      throw new CliError('simulate needs --candidate <path> and --from <file.jsonl | - | live>');
    const format = formatFrom(values.format);
    if (format !== undefined && values.json === true) throw new CliError('pass --format or --json, not both');
    const now = instantFrom(host.clock.now(), values.now);
    const firstSeen = instantBefore(now, values.age);
    const loaded = await loadCurrent(host, values.policy);
    const loadedCandidate = await loadOrReport(host, values.candidate);
    if (loaded === undefined || loadedCandidate === undefined) return 1;
    const all = [...(loaded === 'none' ? [] : [loaded]), loadedCandidate];
    const given = await readGivenLists(
      host,
      values.lists,
      all.map(({ policy }) => policy),
    );
    const present = loaded === 'none' ? undefined : withGivenLists(loaded.policy, given);
    const candidate = withGivenLists(loadedCandidate.policy, given);
    const policies = { present, candidate };
    const connections =
      from === 'live'
        ? findFacts(host.live(), subscriptionsFrom(values.subscriptions), {
            firstSeen,
            reads: allReads(all.map(({ policy }) => policy.reads)),
            microsoftTenants: new Set(all.flatMap(({ policy }) => [...policy.microsoftTenants])),
          })
        : factsFromLines(host.readLines(from), { firstSeen, makeUp: false });
    const result = await simulatePolicies({ ...policies, connections: withProgress(host, connections), now });
    if (values.json === true) await printJson(host, plain(result, policies));
    else await print(host, { result, policies, readsCounts: all.some(readsCounts) }, format);
    const same = result.changed === 0 && guardLines(policies).length === 0;
    return same && result.unreadCount === 0 ? 0 : 1;
  },
};

const formats = ['changes', 'plan', 'markdown'] as const;

type Format = (typeof formats)[number];

function formatFrom(text: string | undefined): Format | undefined {
  const format = formats.find((each) => each === text);
  if (text !== undefined && format === undefined)
    throw new CliError(`--format must be one of ${formats.join(', ')}`);
  return format;
}

/** Loads the current policy. Returns `none` if there is none, and `undefined` if it has problems, which it reports. */
async function loadCurrent(
  host: CliHost,
  stated: string | undefined,
): Promise<LoadedPolicy | 'none' | undefined> {
  if (stated === 'none') return 'none';
  if (stated !== undefined) return loadOrReport(host, stated);
  return (await hasDefaultPolicy(host)) ? loadOrReport(host, defaultPolicyPath) : 'none';
}

async function hasDefaultPolicy(host: CliHost): Promise<boolean> {
  try {
    return (await host.readPolicy(defaultPolicyPath)).length > 0;
  } catch (error) {
    if (hasCode(error, 'POLICY_INVALID') && isMissing(error.cause)) return false;
    throw error;
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

function readsCounts({ files }: LoadedPolicy): boolean {
  const paths = outlinePolicy(files).rules.flatMap(({ condition }) => factPathsOf(condition));
  return paths.some(({ root }) => root === 'consumer');
}

interface Simulated {
  readonly result: Simulation;
  readonly policies: Policies;
  /** Whether a rule of some policy reads counts. */
  readonly readsCounts: boolean;
}

async function print(host: CliHost, simulated: Simulated, format: Format | undefined): Promise<void> {
  const { result, policies } = simulated;
  const { seen, changed, examples } = result;
  const plan = planOf(result, policies.present !== undefined);
  const heading = [planHeading(seen, changed), ...noPolicyLines(policies), ...guardLines(policies)];
  const below = belowLines(result, simulated.readsCounts);
  switch (format ?? (policies.present === undefined ? 'plan' : 'changes')) {
    case 'changes':
      return printLines(host, [...changeLines(result, policies), ...below]);
    case 'plan':
      return printLines(host, [...heading, '', ...planLines(plan), ...below]);
    case 'markdown':
      return printLines(
        host,
        planMarkdown(plan, { heading, examples, notes: below.flatMap((line) => line.trim() || []) }),
      );
  }
}

function plain(result: Simulation, { present, candidate }: Policies): object {
  const counts = (tally: BoundedTally): object => ({
    counts: tally.entries().map(([key, count]) => ({ key, count })),
    others: tally.others,
  });
  const { totals, byRule, byTarget } = planOf(result, present !== undefined);
  const ofBoth = <Part>(partOf: (policy: Policy) => Part): Partial<Both<Part>> =>
    present === undefined ? { candidate: partOf(candidate) } : both({ present, candidate }, partOf);
  return {
    ...result,
    byEffect: counts(result.byEffect),
    byRule: counts(result.byRule),
    byTarget: counts(result.byTarget),
    totals,
    plan: { byRule, byTarget },
    modes: ofBoth(({ mode }) => mode),
    limits: ofBoth(({ limits }) => limits),
    answers: ofBoth(({ answers }) => answersText(answers)),
  };
}
