import type { PolicyFile } from '../../../src/policy/policy';
import { governedList } from '../../chaos/plan/governed';
import { announcementsOf } from '../../chaos/plan/partners';
import type { PlannedConnection } from '../../chaos/plan/draw-connections';
import {
  expectedEffectsOf,
  type ExpectedEffects,
  type Requester,
  type Trait,
} from '../../chaos/plan/expected-answers';

import type { PolicyVersion } from './policy-version';
import { type AnswerPolicy, consoleText, type HoldRule, ruleConsoleText } from './console/answer-policy';

/** How long a contractor's approval lasts. */
export const approvalMinutes = 20;

/**
 * The limits of the policy. A world with tight ones reaches them, and an operator lifts them.
 */
export interface PolicyLimits {
  readonly perHour: number;
  readonly perReview: number;
}

/** Returns the files of a version. `base` is the text of the policy of `npm run chaos`. */
export function policyFiles(
  base: string,
  version: PolicyVersion,
  {
    limits: { perHour, perReview },
    connections,
    governance,
    console,
  }: {
    readonly limits: PolicyLimits;
    readonly connections: readonly PlannedConnection[];
    readonly governance?: object | undefined;
    readonly console?: { readonly policy: AnswerPolicy } | undefined;
  },
): readonly PolicyFile[] {
  const guards = `version: 1
limits:
  rejects: { perHour: ${perHour}, perReview: ${perReview} }
  deletes: { perHour: ${perHour}, perReview: ${perReview} }
  revocations: { perHour: ${perHour}, perReview: ${perReview} }
rules:
  - name: contractors
    effect: approve
    when: endpoint.subscriptionId in lists.contractors && target.tags.env == "prod"
    reason: A contractor, for a while
    approvals: { expireAfter: ${approvalMinutes}m }
`;
  const answers = console?.policy;
  const main = mainFile(base, version);
  return [
    { path: 'chaos.yaml', text: answers === undefined ? main : withAnswers(main, answers) },
    { path: 'guards.yaml', text: guards },
    announcementsOf(connections),
    ...(governance === undefined ? [] : [{ path: 'governed.yaml', text: landingZones }]),
    ...(answers === undefined
      ? []
      : [{ path: 'console.yaml', text: `version: 1\n${consoleText(answers)}rules: []\n` }]),
    ...(version === 'freeze'
      ? [{ path: 'freeze.yaml', text: answers === undefined ? freeze : withRule(freeze, answers, 'freeze') }]
      : []),
  ];
}

/** Adds what the rules that hold say about answers. */
function withAnswers(main: string, answers: AnswerPolicy): string {
  return withRule(withRule(main, answers, 'quarantined'), answers, 'frozen');
}

function withRule(text: string, answers: AnswerPolicy, rule: HoldRule): string {
  const added = ruleConsoleText(answers, rule);
  const head = `  - name: ${rule}\n`;
  return added === '' ? text : replaced(text, head, `${head}${added}`);
}

const { name, group, tag } = governedList;
const landingZones = `version: 1
lists:
  ${name}: { subscriptionsUnder: ${group}, tags: ${JSON.stringify(tag)}, maxAge: 1h }
rules:
  - name: ${name}
    effect: approve
    when: endpoint.subscriptionId.startsWith("dadadada-") && endpoint.subscriptionId in lists.${name} && target.tags.env == "prod"
    reason: Its subscription is a landing zone
`;

const freeze = `version: 1
rules:
  - name: freeze
    on: [Pending, Approved, Disconnected]
    effect: hold
    when: connection.status != ""
    reason: Nothing is changed during the freeze
`;

function mainFile(base: string, version: PolicyVersion): string {
  switch (version) {
    case 'audit':
      return replaced(base, 'mode: enforce', 'mode: audit');
    case 'amnesty':
      return replaced(base, '66666666-6666-4666-8666-666666666666', '00000000-6666-4666-8666-666666666666');
    case 'invalid':
      return replaced(base, 'rules:', 'rules: [');
    case 'base':
    case 'freeze':
      return base;
  }
}

function replaced(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`The policy has no "${from}" any more`);
  return text.replace(from, to);
}

/**
 * Returns the effects that a version wants, written by hand. `undefined`: the version cannot be loaded, and
 * the one before it stays in force.
 */
export function expectedEffectsIn(
  version: PolicyVersion,
  requester: Requester,
  trait: Trait,
): ExpectedEffects | undefined {
  switch (version) {
    case 'base':
      return expectedEffectsOf(requester, trait);
    case 'freeze':
      return { Pending: 'hold', Approved: 'hold', Disconnected: 'hold' };
    case 'audit':
      return {};
    case 'amnesty':
      return requester === 'banned' || requester === 'revoked'
        ? {
            ...expectedEffectsOf('trusted', trait),
            Pending: 'hold',
            Approved: trait === 'frozen' ? 'hold' : 'leave',
          }
        : expectedEffectsOf(requester, trait);
    case 'invalid':
      return undefined;
  }
}
