import { everyRead } from '../../policy/cel/costly-reads';
import { assess } from '../../suggest/report/assessment';
import { suggestPolicy } from '../../suggest/suggest';
import { type CliHost, type Command } from '../cli-host';
import type { FactsReading } from '../facts/facts-input';
import { factsFromLines } from '../facts/facts-lines';
import { withProgress } from '../facts/progress';
import { type AzureHost, findFacts } from '../facts/read-live-facts';
import { printable, printJson, printLines, safeJson } from '../output';
import { type OutputHost, requireNew } from '../output-files';
import { casesText } from './cases/cases-text';
import { checkCases } from './cases/check-cases';
import { makeCases } from './cases/make-cases';
import { collect } from './collect';
import { defaultOut, optionsFrom, suggestOptions, type SuggestOptions } from './options';
import { type Outcome, plainOutcome, reportLines } from './report-text';

/** The tool `postern suggest`: proposes a policy that explains what people approved. */
export const suggest: Command<AzureHost & OutputHost> = {
  summary: 'propose a policy that explains what people approved, with its test cases',
  options: suggestOptions,
  help: `Usage: postern suggest --from <file.jsonl | live> [options]

Learns the smallest policy that explains the approved connections of an estate, over facts that a requester cannot choose:
tenant, management groups, subscriptions, networks, your resource behind a managed endpoint, the target's type and tags.
Writes a policy in mode audit and a file of test cases, and prints a report. Writes nothing to Azure.

Options:
  --from <file | live>       a file of JSON lines as \`postern export\` writes them, or a list of connections as ARM, az or
                             Az PowerShell print it; or \`live\` to read the connections from Azure
  --subscriptions <ids>      with live only: subscriptions of the targets, separated by commas. Default: all that you can
                             read
  --microsoft-tenants <ids>  further tenants in which services of Microsoft make endpoints, separated by commas
  --out <path>               the policy to write. Default: ${defaultOut}
  --cases <path>             the test cases to write. Default: beside the policy, such as suggested.cases.yaml
  --report <path>            also write the report to a file
  --replace                  replace files that exist
  --json                     JSON output
  --help                     show this help

Exit code: 0 if a policy was written, 1 if there is none to propose or something could not be read, 2 for wrong usage, for a
file that exists, or if Azure does not answer.`,

  async run(args, host) {
    const options = optionsFrom(args);
    if (!options.replace) await requireNew(host, pathsOf(options));
    const { estate, unread, unreadCount } = await collect(
      withProgress(host, readingsFrom(host, options)),
      options.microsoftTenants,
    );
    const suggestion = suggestPolicy(estate);
    const assessment = assess(estate, suggestion);
    const { out, cases } = options;
    const outcome = { estate, suggestion, assessment, unread, unreadCount, out, cases };
    await writeFiles(host, outcome, options);
    if (options.json) await printJson(host, plainOutcome(outcome));
    else await printLines(host, reportLines(outcome));
    return suggestion !== undefined && unreadCount === 0 ? 0 : 1;
  },
};

function pathsOf({ out, cases, report }: SuggestOptions): readonly string[] {
  return report === undefined ? [out, cases] : [out, cases, report];
}

function readingsFrom(
  host: CliHost & AzureHost,
  { from, subscriptions, microsoftTenants }: SuggestOptions,
): AsyncIterable<FactsReading> {
  const firstSeen = host.clock.now();
  if (from !== 'live') return factsFromLines(host.readLines(from), { firstSeen, makeUp: false });
  const reads = { ...everyRead, expected: false };
  return findFacts(host.live(), subscriptions, { firstSeen, reads, microsoftTenants });
}

/** Writes the policy, its cases and the report. Nothing is written unless the cases pass. */
async function writeFiles(
  { outputFiles }: OutputHost,
  outcome: Outcome,
  { out, cases, report, replace, json }: SuggestOptions,
): Promise<void> {
  const { estate, suggestion } = outcome;
  if (suggestion !== undefined) {
    const policy = { path: out, text: suggestion.text };
    const tests = { path: cases, text: casesText(makeCases(estate, suggestion)) };
    checkCases(policy, tests);
    for (const { path, text } of [policy, tests]) await outputFiles.write(path, [text], { replace });
  }
  if (report === undefined) return;
  const text = json ? [`${safeJson(plainOutcome(outcome), 2)}\n`] : reportLines(outcome).map(printable);
  await outputFiles.write(report, text, { replace });
}
