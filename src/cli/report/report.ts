import { sanitize } from '../../base/text';
import { allReads, everyRead } from '../../policy/cel/costly-reads';
import type { Policy } from '../../policy/policy';
import { longest } from '../../report/longest';
import { csvOf } from '../../report/csv';
import { flagWords } from '../../report/flags';
import { jsonOf } from '../../report/json';
import { labelsOf } from '../../report/labels';
import { pageOf } from '../../report/page';
import { packReport } from '../../report/page-data';
import type { Report } from '../../report/row';
import { type Summary, summaryOf } from '../../report/summary';
import { CliError, type CliHost, type Command, type ToolOptions } from '../cli-host';
import { factsFromLines } from '../facts/facts-lines';
import { withProgress } from '../facts/progress';
import { type AzureHost, findFacts } from '../facts/read-live-facts';
import { defaultPolicyPath, loadOrReport } from '../load-policy';
import { instantBefore, subscriptionsFrom } from '../option-values';
import { counted, printErrorLines, printJson, printLines, safeJson, table } from '../output';
import { type OutputHost, requireNew } from '../output-files';
import { readGivenLists, withGivenLists } from '../policy/given-lists';
import type { RecordsHost } from '../show/connection-records';
import { collectRows, type LedgerReading, readLedger, unknownFirstSeen, withoutLedger } from './collect';
import type { ReportHost } from './report-host';
import { readOptions } from '../tool-options';

const defaultOut = 'postern-report.html';

const options = {
  from: { type: 'string' },
  subscriptions: { type: 'string' },
  policy: { type: 'string' },
  lists: { type: 'string' },
  age: { type: 'string' },
  'no-ledger': { type: 'boolean' },
  out: { type: 'string' },
  replace: { type: 'boolean' },
  json: { type: 'boolean' },
} as const satisfies ToolOptions;

/** The tool `postern report`: shows who can reach what, for a review of access. */
export const report: Command<AzureHost & OutputHost & ReportHost & Pick<RecordsHost, 'policyPath'>> = {
  summary: 'show who can reach what, as a page, CSV and JSON, for a review of access',
  options,
  help: `Usage: postern report [options]

Writes a page that shows each target with its connections: who asks, since when, who decided and what today's policy would
say; and what a review of access should look at, such as endpoints of other tenants, connections that nobody has reviewed and
approvals that end. CSV and JSON with the same rows are written beside it. Writes nothing to Azure.

Who decided is read from the ledger, if the settings name the deployment's storage (AzureWebJobsStorage, or
AzureWebJobsStorage__accountName and a sign-in). Otherwise it is unknown.

Options:
  --from <file>         the connections, as \`postern export\` writes them, or a list as ARM, az or Az PowerShell print it.
                        \`-\` reads them from the standard input. Default: read from Azure
  --subscriptions <ids> without --from: subscriptions of the targets, separated by commas. Default: all that you can read
  --policy <path>       today's policy: a file, a folder or an https URL. Default: POLICY_PATH, or ${defaultPolicyPath}
  --lists <file>        the entries of managed lists, as \`postern lists --entries\` writes them
  --age <time>          time since connections were first seen, such as 7d, where nobody knows it. Default: 0s
  --no-ledger           do not read the ledger
  --out <file>          the page; CSV and JSON get the same name with another ending. Default: ${defaultOut}
  --replace             replace files that exist
  --json                print the summary as JSON
  --help                show this help

Exit code: 0 if everything was read, 1 if the report lacks something that could not be read or the policy does not load, 2 for
wrong usage, or if Azure does not answer.`,

  async run(args, host) {
    const { values } = readOptions(args, options);
    if (values.from !== undefined && values.subscriptions !== undefined)
      throw new CliError('--subscriptions chooses what is read from Azure: leave it out with --from');
    const files = filesFrom(values.out ?? defaultOut);
    const replace = values.replace === true;
    if (!replace) await requireNew(host, Object.values(files));
    const page = await host.report.page();
    const loaded = await loadOrReport(host, values.policy ?? host.policyPath ?? defaultPolicyPath);
    if (loaded === undefined) return 1;
    const { path, policy } = loaded;
    const given = await readGivenLists(host, values.lists, [policy]);
    const wanted = { from: values.from, subscriptions: values.subscriptions, age: values.age };
    const made = await makeReport(host, {
      ...wanted,
      policy: withGivenLists(policy, given),
      policyPath: path,
      ledger: values['no-ledger'] === true ? withoutLedger('it was not wanted') : await ledgerOf(host),
    });
    const json = jsonOf(made, (value) => safeJson(value, 0));
    const { outputFiles } = host;
    await outputFiles.write(files.page, pageOf(page, packReport(made, labelsOf(made.rows))), { replace });
    await outputFiles.write(files.csv, csvOf(made), { replace });
    await outputFiles.write(files.json, json, { replace });
    await print(host, made, { files, asJson: values.json === true });
    return isWhole(made) ? 0 : 1;
  },
};

interface Files {
  readonly page: string;
  readonly csv: string;
  readonly json: string;
}

function filesFrom(out: string): Files {
  if (!/[^/\\]\.html?$/i.test(out))
    throw new CliError(`--out must be the name of the page, such as ${defaultOut}; it ends in .html`);
  const stem = out.replace(/\.html?$/i, '');
  return { page: out, csv: `${stem}.csv`, json: `${stem}.json` };
}

async function ledgerOf(host: ReportHost): Promise<LedgerReading> {
  const reader = host.report.ledger();
  if (reader === undefined) return withoutLedger('the settings name no storage (AzureWebJobsStorage)');
  return readLedger(reader);
}

interface Wanted {
  readonly from: string | undefined;
  readonly subscriptions: string | undefined;
  readonly age: string | undefined;
  readonly policy: Policy;
  readonly policyPath: string;
  readonly ledger: LedgerReading;
}

async function makeReport(host: CliHost & AzureHost, wanted: Wanted): Promise<Report> {
  const { from, policy, policyPath, ledger } = wanted;
  const now = host.clock.now();
  const firstSeen = unknownFirstSeen(instantBefore(now, wanted.age));
  const connections =
    from === undefined
      ? findFacts(host.live(), subscriptionsFrom(wanted.subscriptions), {
          firstSeen,
          reads: allReads([policy.reads, { ...everyRead, expected: false }]),
          microsoftTenants: policy.microsoftTenants,
        })
      : factsFromLines(host.readLines(from), { firstSeen, makeUp: false });
  const file = from === '-' ? 'the standard input' : from;
  const collected = await collectRows({
    connections: withProgress(host, connections),
    firstSeen,
    file,
    ledger,
    policy,
    now,
  });
  const { digest, mode } = policy;
  return {
    ...collected,
    source: {
      generatedAt: now.toISOString(),
      connections: sanitize(file ?? 'Azure', longest.text),
      policy: { path: sanitize(policyPath, longest.text), digest, mode },
      ledger: ledger.ledger,
      ledgerProblem: ledger.ledgerProblem && sanitize(ledger.ledgerProblem, longest.text),
    },
  };
}

/** Tells whether the report has everything: a ledger that the settings do not name, or nobody wanted, is not missed. */
function isWhole({ unread, source: { ledger } }: Report): boolean {
  return unread.length === 0 && (ledger === 'read' || ledger === 'absent');
}

const mostUnread = 10;

async function print(
  host: CliHost,
  made: Report,
  { files, asJson }: { readonly files: Files; readonly asJson: boolean },
): Promise<void> {
  const { source, unread } = made;
  const summary = summaryOf(made.rows, new Date(source.generatedAt));
  await printErrorLines(host, [
    ...(source.ledger === 'read' ? [] : [`who decided is not fully known: ${source.ledgerProblem ?? ''}`]),
    ...unread.slice(0, mostUnread).map(({ id, problem }) => `could not read ${id}: ${problem}`),
    ...(unread.length > mostUnread ? [`and ${unread.length - mostUnread} more could not be read`] : []),
  ]);
  if (asJson) await printJson(host, { source, summary, unread: unread.length, files });
  else await printLines(host, linesOf(summary, made, files));
}

function linesOf(summary: Summary, { unread }: Report, files: Files): string[] {
  const { connections, targets, byStatus, byFlag } = summary;
  const flagged = byFlag.map(({ key, count }) => [flagWords[key], count] as const);
  return [
    `${counted(connections, 'connection')} of ${counted(targets, 'target')}: ${byStatus.map(({ key, count }) => `${count} ${key}`).join(', ') || 'none'}`,
    ...(flagged.length === 0 ? [] : ['', ...table([['to look at', 'connections'], ...flagged])]),
    ...(unread.length === 0 ? [] : ['', `${unread.length} could not be read`]),
    '',
    `written: ${files.page}, ${files.csv}, ${files.json}`,
  ];
}
