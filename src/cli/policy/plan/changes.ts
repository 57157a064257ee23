import { answersText } from '../../../policy/answers/answer-text';
import type { Policy } from '../../../policy/policy';
import { counted, table } from '../../output';
import { effectText, limitsText } from '../answer-text';
import type { BoundedTally, ChangeExample, Simulation } from '../simulation';
import { mostRows } from './plan';

/** Says that there is no current policy, and with which mode and limits the candidate begins. */
export function noPolicyLines({ present, candidate }: Policies): string[] {
  if (present !== undefined) return [];
  const limits = limitsText(candidate.limits);
  return [
    `There is no current policy. The candidate has mode ${candidate.mode}.`,
    ...(limits === '' ? [] : [`Its limits: ${limits}`]),
  ];
}

/** The two policies of a simulation. */
export interface Policies {
  readonly present: Policy | undefined;
  readonly candidate: Policy;
}

/** A part of both policies. */
export interface Both<Part> {
  readonly present: Part;
  readonly candidate: Part;
}

/** Reads the same part of both policies. */
export function both<Part>(
  { present, candidate }: Both<Policy>,
  partOf: (policy: Policy) => Part,
): Both<Part> {
  return { present: partOf(present), candidate: partOf(candidate) };
}

/** Describes changes of the mode and of the limits, which affect all connections. */
export function guardLines({ present, candidate }: Policies): string[] {
  if (present === undefined) return [];
  const policies = { present, candidate };
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

/** Formats what would change: by change, rule and target, with examples. */
export function changeLines(result: Simulation, policies: Policies): string[] {
  const { seen, changed, otherRules, examples } = result;
  return [
    `${counted(seen, 'connection')}: ${changed} would get another decision, ${otherRules} the same decision from other rules`,
    ...noPolicyLines(policies),
    ...guardLines(policies),
    ...section(['change', 'connections'], result.byEffect),
    ...section(['by rule', 'connections'], result.byRule),
    ...section(['by target', 'connections'], result.byTarget),
    ...(examples.length === 0 ? [] : ['', `First ${counted(examples.length, 'change')}:`]),
    ...examples.flatMap(exampleLines),
  ];
}

/** Says what could not be read, and which facts nobody stated. */
export function belowLines(result: Simulation, readsCounts: boolean): string[] {
  const { unreadCount, unread, withoutCounts } = result;
  return [
    ...(readsCounts && withoutCounts > 0
      ? [
          '',
          `${counted(withoutCounts, 'connection')} without counts (consumer), so that rules that read them fail`,
        ]
      : []),
    ...(unreadCount === 0 ? [] : ['', `${unreadCount} could not be read:`]),
    ...unread.map(({ id, problem }) => `  ${id}: ${problem}`),
    ...(unreadCount > unread.length ? [`  and ${unreadCount - unread.length} more`] : []),
  ];
}

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
