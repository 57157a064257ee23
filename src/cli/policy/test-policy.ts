import type { Decision } from '../../policy/decision';
import { outlinePolicy } from '../../policy/analysis/rule-outline';
import { answerText, effectText } from './answer-text';
import type { RecordsHost } from '../show/connection-records';
import { CliError, type CliHost, type Command, type ToolOptions } from '../cli-host';
import { defaultPolicyPath, loadOrReport } from '../load-policy';
import { counted, printJson, printLines, table } from '../output';
import { type GivenLists, readGivenLists, withGivenLists } from './given-lists';
import { type CaseFile, parseCases, type PolicyCase } from './policy-cases';
import { type CaseResult, type CasesReport, runCases } from './run-cases';
import { tryStrangers, type StrangerResult } from './strangers';
import { readArgs } from '../tool-options';
import { testItems } from '../formats/test-items';

const options = {
  cases: { type: 'string' },
  lists: { type: 'string' },
  threshold: { type: 'string' },
  json: { type: 'boolean' },
} as const satisfies ToolOptions;

/** The tool `postern test`: runs the test cases of a policy. */
export const testPolicy: Command<Pick<RecordsHost, 'policyPath'>> = {
  summary: 'run the test cases of a policy and show which rules they cover',
  options,
  items: testItems,
  help: `Usage: postern test [options] [policy path]

Decides every test case beside a policy (policy.cases.yaml beside policy.yaml, *.cases.yaml in a folder) and counts how
often each rule matches. Default: POLICY_PATH, then ${defaultPolicyPath}. For a policy at an https URL, --cases is required.
Each approved case is tried again with strangers: endpoints from subscriptions that appear nowhere in the policy or its cases,
with names, tags and message copied. If one is approved, the test fails, unless the rule states approvesAnyone: true.

Options:
  --cases <path>     a file or folder with the test cases, if they are elsewhere
  --lists <file>     the entries of managed lists, as \`postern lists --entries\` writes them; a case file may state \`lists\`
  --threshold <n>    percentage of the rules that must match in some case (0 to 100). Default: 0
  --json             JSON output
  --help             show this help

Exit code: 0 if every case passes and no stranger is approved, 1 if a case fails, a stranger is approved or fewer rules than
--threshold match, 2 for wrong usage.`,

  async run(args, host) {
    const { values, positionals } = readArgs(args, options);
    const threshold = thresholdFrom(values.threshold);
    const [path = host.policyPath ?? defaultPolicyPath, ...others] = positionals;
    if (others.length > 0) throw new CliError('only one policy at a time: pass one path');
    const loaded = await loadOrReport(host, path);
    if (loaded === undefined) return 1;
    const files = await host.readCases(values.cases ?? path);
    if (files.length === 0) {
      throw new CliError(
        `no test cases found for ${path}: write policy.cases.yaml beside policy.yaml, or pass --cases`,
      );
    }
    const { rules } = outlinePolicy(loaded.files);
    const given = await readGivenLists(host, values.lists, [loaded.policy]);
    const cases = files.map((file) => withListsOf(parseCases(file, loaded.files), given));
    const report = runCases(
      cases,
      rules.map(({ name, effect }) => ({ rule: name, effect })),
    );
    const approvesAnyone = rules.filter(({ parsed }) => parsed.approvesAnyone?.value === true);
    const strangers = tryStrangers(cases, {
      approvesAnyone: new Set(approvesAnyone.map(({ name }) => name)),
      written: [...loaded.files, ...files, given].map(({ text }) => text),
    });
    if (values.json === true) await printJson(host, plain(report, strangers, threshold));
    else await printReport(host, report, strangers, threshold);
    return hasPassed(report, strangers, threshold) ? 0 : 1;
  },
};

/** Gives the managed lists to the policy of a case file, except those whose entries the file states itself. */
function withListsOf(file: CaseFile, given: GivenLists): CaseFile {
  const otherwise = `, or state them below \`lists\` in ${file.path}`;
  return { ...file, policy: withGivenLists(file.policy, given, otherwise) };
}

function thresholdFrom(text: string | undefined): number {
  const threshold = text === undefined ? 0 : Number(text);
  if (text?.trim() === '' || !(threshold >= 0 && threshold <= 100))
    throw new CliError('--threshold must be a number from 0 to 100');
  return threshold;
}

function hasPassed({ results, percent }: CasesReport, strangers: Strangers, threshold: number): boolean {
  if (strangers.some(({ approved }) => approved !== undefined)) return false;
  return percent >= threshold && results.every(({ passed }) => passed);
}

type Strangers = readonly StrangerResult[];

async function printReport(
  host: CliHost,
  report: CasesReport,
  strangers: Strangers,
  threshold: number,
): Promise<void> {
  const { results, coverage, percent } = report;
  const failures = results.filter(({ passed }) => !passed);
  const heading = ['rule', 'effect', 'matched', 'missed', 'failed'];
  const rows = coverage.map(({ rule, effect, matched, missed, failed }) => [
    rule,
    effect,
    matched,
    missed,
    failed,
  ]);
  const reached = coverage.filter(({ matched }) => matched > 0).length;
  const low = percent < threshold ? `, below the threshold of ${threshold} %` : '';
  await printLines(host, [
    ...failures.flatMap(failureLines),
    ...strangers.flatMap(strangerLines),
    `${counted(results.length, 'case')}: ${results.length - failures.length} passed, ${failures.length} failed`,
    ...strangerLinesOf(strangers),
    '',
    ...table([heading, ...rows]),
    '',
    `${reached} of ${counted(coverage.length, 'rule')} matched in some case (${shownPercent(percent)} %)${low}`,
    ...coverage.filter(({ matched }) => matched === 0).map(({ rule }) => `  never matched: ${rule}`),
  ]);
}

function failureLines({ about, decision }: CaseResult): string[] {
  const { path, line, name } = about;
  const seen = (decision?.outcomes ?? []).map((outcome) => {
    const why = outcome.kind === 'failed' ? `: ${outcome.problem}` : '';
    return `    ${outcome.kind.padEnd(7)}  ${outcome.rule} (${outcome.effect})${why}`;
  });
  return [
    `FAILED ${path}:${line}: ${name}`,
    `    expected ${expectedOf(about)}`,
    `    actual   ${actualOf(decision)}`,
    ...seen,
    '',
  ];
}

function strangerLinesOf(strangers: Strangers): string[] {
  if (strangers.length === 0) return [];
  const approved = strangers.filter((result) => result.approved !== undefined).length;
  return [`${counted(strangers.length, 'approved case')} tried again with strangers: ${approved} approved`];
}

function strangerLines({ about, approved }: StrangerResult): string[] {
  if (approved === undefined) return [];
  return [
    `STRANGER ${about.path}:${about.line}: ${about.name}`,
    `    request  from subscription ${approved.subscription}, ${approved.who}`,
    '    expected anything but approve, unless the rule states `approvesAnyone: true`',
    `    actual   ${actualOf(approved.decision)}`,
    '',
  ];
}

function expectedOf({ effect, rules, expireAfter }: PolicyCase): string {
  const answer = { effect, expireAfterSeconds: expireAfter === 'none' ? undefined : expireAfter };
  const text = rules === undefined ? effectText(answer) : answerText({ ...answer, rules }, 'no rule');
  return expireAfter === 'none' ? `${text}, without expiry` : text;
}

function actualOf(decision: Decision | undefined): string {
  if (decision === undefined) return 'none: no rule applies to this status';
  return `${answerText(decision, 'no rule')}: ${decision.reason}`;
}

/** Rounds a percentage down to one decimal, so that less than 100 is never shown as 100. */
function shownPercent(percent: number): number {
  return Math.floor(percent * 10) / 10;
}

function plain(report: CasesReport, strangers: Strangers, threshold: number): object {
  return {
    passed: hasPassed(report, strangers, threshold),
    percent: report.percent,
    threshold,
    rules: report.coverage,
    strangers: strangers.map(({ about, approved }) => ({
      path: about.path,
      line: about.line,
      name: about.name,
      approved: approved !== undefined,
      subscription: approved?.subscription,
      who: approved?.who,
      rules: approved?.decision.rules,
    })),
    cases: report.results.map(({ about, passed, decision }) => ({
      path: about.path,
      line: about.line,
      name: about.name,
      passed,
      wanted: { effect: about.effect, rules: about.rules, expireAfter: about.expireAfter },
      got: {
        effect: decision?.effect ?? 'none',
        rules: decision?.rules ?? [],
        reason: decision?.reason,
        expireAfterSeconds: decision?.expireAfterSeconds,
      },
    })),
  };
}
