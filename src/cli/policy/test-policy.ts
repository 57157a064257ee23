import { parseArgs } from 'node:util';
import type { Decision } from '../../policy/decision';
import { outlinePolicy } from '../../policy/analysis/rule-outline';
import { answerText, effectText } from './answer-text';
import { CliError, type CliHost, type Command } from '../cli-host';
import { defaultPolicyPath, loadOrReport } from '../load-policy';
import { counted, printJson, printLines, table } from '../output';
import { parseCases, type PolicyCase } from './policy-cases';
import { type CaseResult, type CasesReport, runCases } from './run-cases';
import { askStrangers, type StrangerResult } from './strangers';

export const testPolicy: Command = {
  summary: 'run the test cases beside a policy, and tell which rules they reach',
  help: `Usage: postern test [options] [policy path]

Decides every case of the test cases beside a policy (policy.cases.yaml beside policy.yaml, *.cases.yaml in a folder)
and counts which rules they reach. Default: ${defaultPolicyPath}. Of a policy at an https URL, say --cases.
Each case that is approved is asked again by strangers: from subscriptions that stand nowhere in the policy or its cases,
with names, tags and message copied. None may be approved, except by a rule that says approvesAnyone: true.

Options:
  --cases <path>     test cases that stand elsewhere: a file or a folder
  --threshold <n>    at least so many percent of the rules must match in some case (0 to 100). Default: 0
  --json             for machines
  --help             this text

Exit code: 0 when every case passes and no stranger is approved, 1 when one fails, a stranger is approved or too few rules
are reached, 2 for wrong usage.`,

  async run(args, host) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { cases: { type: 'string' }, threshold: { type: 'string' }, json: { type: 'boolean' } },
    });
    const threshold = thresholdFrom(values.threshold);
    const [path = defaultPolicyPath, ...others] = positionals;
    if (others.length > 0) throw new CliError('one policy at a time: give one path');
    const loaded = await loadOrReport(host, path);
    if (loaded === undefined) return 1;
    const files = await host.readCases(values.cases ?? path);
    if (files.length === 0) {
      throw new CliError(
        `there are no test cases beside ${path}: write policy.cases.yaml beside policy.yaml`,
      );
    }
    const { rules } = outlinePolicy(loaded.files);
    const cases = files.map((file) => parseCases(file, loaded.files));
    const report = runCases(
      cases,
      rules.map(({ name, effect }) => ({ rule: name, effect })),
    );
    const onPurpose = rules.filter(({ parsed }) => parsed.approvesAnyone?.value === true);
    const strangers = askStrangers(cases, {
      onPurpose: new Set(onPurpose.map(({ name }) => name)),
      written: [...loaded.files, ...files].map(({ text }) => text),
    });
    if (values.json === true) await printJson(host, plain(report, strangers, threshold));
    else await tell(host, report, strangers, threshold);
    return isWell(report, strangers, threshold) ? 0 : 1;
  },
};

function thresholdFrom(text: string | undefined): number {
  const threshold = text === undefined ? 0 : Number(text);
  if (text?.trim() === '' || !(threshold >= 0 && threshold <= 100))
    throw new CliError('--threshold takes a number from 0 to 100');
  return threshold;
}

function isWell({ results, percent }: CasesReport, strangers: Strangers, threshold: number): boolean {
  if (strangers.some(({ approved }) => approved !== undefined)) return false;
  return percent >= threshold && results.every(({ passed }) => passed);
}

type Strangers = readonly StrangerResult[];

async function tell(
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
  const low = percent < threshold ? `: fewer than the ${threshold} % that are wanted` : '';
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
    `    wanted   ${wantedOf(about)}`,
    `    got      ${gotOf(decision)}`,
    ...seen,
    '',
  ];
}

function strangerLinesOf(strangers: Strangers): string[] {
  if (strangers.length === 0) return [];
  const approved = strangers.filter((result) => result.approved !== undefined).length;
  return [`${counted(strangers.length, 'approved case')} asked again by strangers: ${approved} approved`];
}

function strangerLines({ about, approved }: StrangerResult): string[] {
  if (approved === undefined) return [];
  return [
    `STRANGER ${about.path}:${about.line}: ${about.name}`,
    `    asked    from subscription ${approved.subscription}, ${approved.who}`,
    '    wanted   anything but approve, unless a rule says `approvesAnyone: true`',
    `    got      ${gotOf(approved.decision)}`,
    '',
  ];
}

function wantedOf({ effect, rules, expireAfter }: PolicyCase): string {
  const wanted = { effect, expireAfterSeconds: expireAfter === 'none' ? undefined : expireAfter };
  const text = rules === undefined ? effectText(wanted) : answerText({ ...wanted, rules }, 'no rule');
  return expireAfter === 'none' ? `${text}, without an end` : text;
}

function gotOf(decision: Decision | undefined): string {
  if (decision === undefined) return 'none: no rule concerns this status';
  return `${answerText(decision, 'no rule')}: ${decision.reason}`;
}

/** Never rounded up to a hundred. */
function shownPercent(percent: number): number {
  return Math.floor(percent * 10) / 10;
}

function plain(report: CasesReport, strangers: Strangers, threshold: number): object {
  return {
    passed: isWell(report, strangers, threshold),
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
