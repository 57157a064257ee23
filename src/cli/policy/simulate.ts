import { parseArgs } from 'node:util';
import { allReads } from '../../policy/cel/costly-reads';
import { answersText } from '../../policy/answers/answer-text';
import type { Policy } from '../../policy/policy';
import { CliError, type CliHost, type Command } from '../cli-host';
import { factsFromLines } from '../facts/facts-lines';
import { type AzureHost, findFacts } from '../facts/read-live-facts';
import { defaultPolicyPath, loadOrReport } from '../load-policy';
import { instantBefore, instantFrom, subscriptionsFrom } from '../option-values';
import { counted, printJson, printLines, table } from '../output';
import { effectText, limitsText } from './answer-text';
import { readGivenLists, withGivenLists } from './given-lists';
import { type BoundedTally, type ChangeExample, simulatePolicies, type Simulation } from './simulation';

/** The tool `postern simulate`: compares two policies over many connections. */
export const simulate: Command<AzureHost> = {
  summary: 'show what a candidate policy would change for many connections',
  help: `Usage: postern simulate --candidate <path> --from <file.jsonl | live> [options]

Decides every connection with the current policy and with a candidate, and shows what would change. Writes nothing.

Options:
  --candidate <path>    the new policy: a file, a folder or an https URL
  --policy <path>       the current policy. Default: ${defaultPolicyPath}
  --from <file | live>  a file of JSON lines as \`postern export\` writes them, or a list of connections as ARM, az or
                        Az PowerShell print it; or \`live\` to read the connections from Azure
  --subscriptions <ids> with live only: subscriptions of the targets, separated by commas. Default: all that you can read
  --lists <file>        the entries of managed lists of both policies, as \`postern lists --entries\` writes them
  --now <instant>       decide as of this time, such as 2026-01-31T00:00:00Z. Default: now
  --age <time>          time since the connections were first seen, such as 7d, if the file does not state it. Default: 0s
  --json                JSON output
  --help                show this help

Exit code: 0 if nothing would change, 1 if something would change or could not be read, 2 for wrong usage or if Azure does
not answer.`,

  async run(args, host) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        candidate: { type: 'string' },
        policy: { type: 'string' },
        from: { type: 'string' },
        lists: { type: 'string' },
        subscriptions: { type: 'string' },
        now: { type: 'string' },
        age: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
    const { from } = values;
    if (values.candidate === undefined || from === undefined)
      throw new CliError('simulate needs --candidate <path> and --from <file.jsonl | live>');
    const now = instantFrom(host.clock.now(), values.now);
    const firstSeen = instantBefore(now, values.age);
    const loaded = await loadOrReport(host, values.policy ?? defaultPolicyPath);
    const loadedCandidate = await loadOrReport(host, values.candidate);
    if (loaded === undefined || loadedCandidate === undefined) return 1;
    const given = await readGivenLists(host, values.lists, [loaded.policy, loadedCandidate.policy]);
    const present = withGivenLists(loaded.policy, given);
    const candidate = withGivenLists(loadedCandidate.policy, given);
    const reads = readsOf(present, candidate);
    const connections =
      from === 'live'
        ? findFacts(host.live(), subscriptionsFrom(values.subscriptions), {
            firstSeen,
            reads,
            microsoftTenants: new Set([...present.microsoftTenants, ...candidate.microsoftTenants]),
          })
        : factsFromLines(host.readLines(from), { firstSeen, makeUp: false });
    const policies = { present, candidate };
    const result = await simulatePolicies({ ...policies, connections, now });
    const modes = both(policies, ({ mode }) => mode);
    const limits = both(policies, (policy) => policy.limits);
    const answers = both(policies, (policy) => answersText(policy.answers));
    if (values.json === true) await printJson(host, { ...plain(result), modes, limits, answers });
    else await printSimulation(host, result, policies);
    const same = result.changed === 0 && guardLines(policies).length === 0;
    return same && result.unreadCount === 0 ? 0 : 1;
  },
};

function readsOf(...policies: readonly Policy[]): Policy['reads'] {
  return allReads(policies.map(({ reads }) => reads));
}

interface Both<Part> {
  readonly present: Part;
  readonly candidate: Part;
}

function both<Part>({ present, candidate }: Both<Policy>, partOf: (policy: Policy) => Part): Both<Part> {
  return { present: partOf(present), candidate: partOf(candidate) };
}

/** Describes changes of the mode and of the limits, which affect all connections. */
function guardLines(policies: Both<Policy>): string[] {
  const modes = both(policies, ({ mode }) => mode);
  const limits = both(policies, (policy) => limitsText(policy.limits) || 'none');
  const answers = both(policies, (policy) => answersText(policy.answers));
  return [
    ...(modes.present === modes.candidate
      ? []
      : [`The mode would also change: ${modes.present} → ${modes.candidate}`]),
    ...(limits.present === limits.candidate
      ? []
      : [
          'The limits would also change:',
          `      current    ${limits.present}`,
          `      candidate  ${limits.candidate}`,
        ]),
    ...(answers.present === answers.candidate
      ? []
      : [
          'Who may answer in the console would also change:',
          `      current    ${answers.present}`,
          `      candidate  ${answers.candidate}`,
        ]),
  ];
}

async function printSimulation(host: CliHost, result: Simulation, policies: Both<Policy>): Promise<void> {
  const { seen, changed, otherRules, unreadCount, examples, unread } = result;
  await printLines(host, [
    `${counted(seen, 'connection')}: ${changed} would get another decision, ${otherRules} the same decision from other rules`,
    ...guardLines(policies),
    ...section(['change', 'connections'], result.byEffect),
    ...section(['by rule', 'connections'], result.byRule),
    ...section(['by target', 'connections'], result.byTarget),
    ...(examples.length === 0 ? [] : ['', `First ${counted(examples.length, 'change')}:`]),
    ...examples.flatMap(exampleLines),
    ...(unreadCount === 0 ? [] : ['', `${unreadCount} could not be read:`]),
    ...unread.map(({ id, problem }) => `  ${id}: ${problem}`),
    ...(unreadCount > unread.length ? [`  and ${unreadCount - unread.length} more`] : []),
  ]);
}

const mostRows = 25;

function section(heading: readonly [string, string], tally: BoundedTally): string[] {
  const entries = tally.entries();
  if (entries.length === 0) return [];
  const shown = entries.slice(0, mostRows);
  const rest = entries.slice(mostRows).reduce((sum, [, count]) => sum + count, tally.others);
  return ['', ...table([heading, ...shown, ...(rest === 0 ? [] : [['others', rest] as const])])];
}

function exampleLines({ connection, present, candidate }: ChangeExample): string[] {
  return [
    `  ${connection}`,
    `      current    ${effectText(present)}: ${present.reason}`,
    `      candidate  ${effectText(candidate)}: ${candidate.reason}`,
  ];
}

function plain(result: Simulation): object {
  const counts = (tally: BoundedTally): object => ({
    counts: tally.entries().map(([key, count]) => ({ key, count })),
    others: tally.others,
  });
  return {
    ...result,
    byEffect: counts(result.byEffect),
    byRule: counts(result.byRule),
    byTarget: counts(result.byTarget),
  };
}
