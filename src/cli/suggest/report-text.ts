import type { Estate } from '../../suggest/estate/estate';
import type { Assessment, RuleAssessment, Unexplained } from '../../suggest/report/assessment';
import type { Reason } from '../../suggest/report/reasons';
import type { Suggestion } from '../../suggest/suggest';
import { counted, table } from '../output';
import type { Unread } from './collect';

/** Everything that a report of `postern suggest` says. */
export interface Outcome {
  readonly estate: Estate;
  /** Absent: there is nothing to propose. */
  readonly suggestion: Suggestion | undefined;
  readonly assessment: Assessment;
  readonly unreadCount: number;
  readonly unread: readonly Unread[];
  /** The files that are written. */
  readonly out: string;
  readonly cases: string;
}

/** What each reason means, and what to do. */
const reasonTexts: Readonly<Record<Reason, string>> = {
  noEndpoint: 'Azure names no endpoint, so that nobody knows who asks: keep answering these by hand',
  beyondLimits: 'its facts are larger than a policy decides on: keep answering these by hand',
  typeNotAnswered: 'Postern does not answer targets of this type',
  microsoft:
    'a service of Microsoft made the endpoint, and no resource of yours is proven to be behind it: answer by hand, or announce such requests',
  outside:
    'the requester is outside your tenant, and its approvals are too few or too mixed to be evidence: if it is a partner, add its tenant yourself',
  unknownTenant:
    'the input does not say whose subscription asks, and fewer than three approvals are no evidence: export without --brief',
  opensMany: 'one approval of this type opens many resources, and too few approvals name it',
  contradicted: 'people also rejected such requests: decide which of the two is right',
  few: 'these are the only approvals of their subscription: add it yourself if it should be approved',
  noPattern:
    'nothing that the requester cannot choose sets them apart: a rule would be longer than what it explains',
};

/** Formats the report for people, as lines. */
export function reportLines(outcome: Outcome): readonly string[] {
  const { estate, suggestion, assessment } = outcome;
  const { approved, rejected, pending, other } = estate.counts;
  const all = approved + rejected + pending + other;
  return [
    `${counted(all, 'connection')}: ${approved} approved, ${rejected} rejected, ${pending} pending, ${other} others`,
    ...(estate.repeated === 0
      ? []
      : [
          `${counted(estate.repeated, 'repeated line')} about connections that are there already: the most cautious counts`,
        ]),
    ...unreadLines(outcome),
    '',
    ...(suggestion === undefined ? nothingLines(outcome) : ruleLines(outcome)),
    ...unexplainedLines(assessment.unexplained),
    ...contradictedLines(assessment),
    ...(suggestion === undefined ? [] : endLines(outcome)),
  ];
}

function unreadLines({ unreadCount, unread }: Outcome): readonly string[] {
  if (unreadCount === 0) return [];
  return [
    `${unreadCount} could not be read:`,
    ...unread.map(({ id, problem }) => `  ${id}: ${problem}`),
    ...(unreadCount > unread.length ? [`  and ${unreadCount - unread.length} more`] : []),
  ];
}

function nothingLines({ estate }: Outcome): readonly string[] {
  if (estate.counts.approved === 0)
    return [
      'There is no policy to propose: nobody has approved any of these connections.',
      'Begin with an example instead, such as docs/examples/gallery/landing-zones.yaml.',
    ];
  return ['There is no policy to propose: no safe rule explains any of the approvals. No file was written.'];
}

function ruleLines({ estate, assessment }: Outcome): readonly string[] {
  const { rules, explained } = assessment;
  const { approved } = estate.counts;
  const share = ((100 * explained) / approved).toFixed(1);
  return [
    `${counted(rules.length, 'rule')}: ${rules.length === 1 ? 'it explains' : 'they explain'} ${explained} of ${counted(approved, 'approval')} (${share} %)`,
    '',
    ...table([
      ['rule', 'sure', 'approvals', 'only this', 'rejections', 'subscriptions', 'targets'],
      ...rules.map((rule) => [
        rule.name,
        sureText(rule),
        rule.approvals,
        rule.onlyThis,
        rule.rejections,
        rule.subscriptions,
        rule.targets,
      ]),
    ]),
    '',
    'sure: the share of such requests that people approve is at least this, with 95 % confidence',
    ...(rules.some(({ isFew }) => isFew)
      ? ['few examples: the rule may be wrong by chance. Ask somebody who knows these requests']
      : []),
  ];
}

function sureText({ agreement, isFew }: RuleAssessment): string {
  const share = `${Math.floor(100 * agreement)} %`;
  return isFew ? `${share}, few examples` : share;
}

function unexplainedLines(unexplained: readonly Unexplained[]): readonly string[] {
  if (unexplained.length === 0) return [];
  const all = unexplained.reduce((sum, { count }) => sum + count, 0);
  return [
    '',
    `Would not approve ${counted(all, 'connection')} that people approved:`,
    ...unexplained.flatMap(({ reason, count, examples }) => [
      `  ${count}: ${reasonTexts[reason]}`,
      ...examples.map((id) => `      ${id}`),
      ...(count > examples.length ? [`      and ${count - examples.length} more`] : []),
    ]),
  ];
}

function contradictedLines({ contradicted: { count, examples } }: Assessment): readonly string[] {
  if (count === 0) return [];
  return [
    '',
    `Would approve ${counted(count, 'connection')} that people rejected:`,
    ...examples.map(({ connectionId, rules }) => `  ${connectionId} (${rules.join(', ')})`),
    ...(count > examples.length ? [`  and ${count - examples.length} more`] : []),
  ];
}

function endLines({ assessment: { pending }, out, cases }: Outcome): readonly string[] {
  const waiting = pending.approve + pending.hold;
  return [
    ...(waiting === 0
      ? []
      : [
          '',
          `Of ${counted(waiting, 'pending connection')}, it would approve ${pending.approve} and hold ${pending.hold}.`,
        ]),
    '',
    `Wrote ${out} and ${cases}. Next:`,
    `  postern validate ${out} --strict`,
    `  postern test ${out}`,
  ];
}

/** Returns the report as JSON. */
export function plainOutcome({ estate, suggestion, assessment, ...rest }: Outcome): object {
  const { explained, rules, unexplained, contradicted, pending } = assessment;
  return {
    connections: { ...estate.counts, repeated: estate.repeated, unread: rest.unreadCount },
    unread: rest.unread,
    written: suggestion === undefined ? [] : [rest.out, rest.cases],
    explained,
    rules: rules.map((rule) => ({ ...rule, fewExamples: rule.isFew, isFew: undefined })),
    unexplained: unexplained.map((each) => ({ ...each, meaning: reasonTexts[each.reason] })),
    contradicted,
    pending,
  };
}
