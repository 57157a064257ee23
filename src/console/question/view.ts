import { addSeconds } from '../../base/clock';
import { sanitize } from '../../base/text';
import { profileOf } from '../../connections/target-type';
import { answerSeconds } from '../../operations/answer';
import { isHeldByLimit } from '../../operations/operation';
import { outlinePolicy, type PolicyOutline } from '../../policy/analysis/rule-outline';
import { answerEffects, whoMayAnswer } from '../../policy/answers/answer-policy';
import { absent, explainDecision, type ExplainedRule } from '../../policy/explain/explain-decision';
import type { Policy } from '../../policy/policy';
import { limitedKindOf } from '../../review/limits/write-limit';
import type { AnswerView, ConnectionView, ExplainedRuleView, May, OperationView, SawFact } from '../api';
import { odditiesOf } from '../oddities';
import type { Person } from '../sign-in/person';
import { permissionFor } from './permission';
import { answeredAlready, presentAnswer } from './present-answer';
import type { Question } from './question';

/** Shows a question to a person: what it is about, why it is held, and what that person may answer. */
export type ViewQuestion = (question: Question, person: Person) => ConnectionView;

/** Creates the view of questions. A policy is outlined once. */
export function createView(): ViewQuestion {
  const outlines = new WeakMap<Policy, PolicyOutline>();
  return (question, person) => {
    const { policy } = question;
    const outline = outlines.get(policy) ?? outlinePolicy(policy.files ?? []);
    outlines.set(policy, outline);
    return viewOf(question, person, outline);
  };
}

function viewOf(question: Question, person: Person, outline: PolicyOutline): ConnectionView {
  const { connection, row, stored, facts, policy, decision, input } = question;
  const { target } = connection.id;
  const { rules, why } = explainDecision(policy, outline, facts, { now: input.now, lists: input.lists });
  const profile = profileOf(target.type);
  const message = sanitize(connection.message);
  return {
    connection: {
      id: connection.id.id,
      name: connection.id.name,
      status: sanitize(connection.status, 100),
      message,
      groupIds: connection.groupIds.map((id) => sanitize(id, 100)),
      ...(stored === undefined ? {} : { since: row.firstSeen }),
      odd: odditiesOf({ names: [connection.id.name], message, status: connection.status }),
    },
    target: {
      id: target.id,
      name: target.name,
      type: target.type,
      label: profile.label,
      subscription: target.subscriptionId.toLowerCase(),
      odd: odditiesOf({ names: [target.id] }),
    },
    ...endpointOf(question),
    ...(facts.requesterProof === undefined ? {} : { requesterProof: sanitize(facts.requesterProof) }),
    ...(facts.expected === undefined
      ? {}
      : { expected: { by: sanitize(facts.expected.by, 256), until: facts.expected.until.toISOString() } }),
    inLists: listsWith(question, outline),
    ...(question.id === undefined ? {} : { decisionId: question.id }),
    seen: question.seen,
    ...(decision === undefined ? {} : { effect: decision.effect, reason: sanitize(decision.reason) }),
    why,
    mode: policy.mode,
    policyDigest: policy.digest,
    rules: rules.map((rule) => ruleView(rule, decision?.rules ?? [])).sort(byWeight),
    ...(question.unclear === undefined ? {} : { unclear: question.unclear }),
    ...operationOf(question),
    ...answerOf(question, person),
    may: mayOf(question, person),
    final: { reject: !profile.canReviveRejected, delete: true },
    ...(policy.answers?.reason === undefined ? {} : { reasonPattern: policy.answers.reason.source }),
    asOf: question.readAt.toISOString(),
  };
}

function endpointOf({ connection }: Question): Pick<ConnectionView, 'endpoint'> {
  const { endpoint, endpointText } = connection;
  if (endpoint !== undefined) {
    const { id, name, subscriptionId } = endpoint;
    return {
      endpoint: { id, name, subscription: subscriptionId.toLowerCase(), odd: odditiesOf({ names: [id] }) },
    };
  }
  if (endpointText === undefined || endpointText === '') return {};
  const id = sanitize(endpointText);
  return { endpoint: { id, odd: odditiesOf({ names: [id] }) } };
}

/** Names the lists that contain the requester's subscription, whether a rule reads them or not. */
function listsWith({ connection, input }: Question, { entries }: PolicyOutline): readonly string[] {
  const id = connection.endpoint?.subscriptionId.toLowerCase();
  if (id === undefined) return [];
  const plain = [...entries].map(([name, values]): [string, readonly (string | number)[]] => [name, values]);
  const managed = [...input.lists].map(([name, list]): [string, readonly (string | number)[]] => [
    name,
    list.entries,
  ]);
  return [...plain, ...managed]
    .filter(([, values]) => values.some((value) => String(value).toLowerCase() === id))
    .map(([name]) => name);
}

const weights: readonly ExplainedRule['outcome'][] = ['failed', 'matched', 'missed', 'not asked'];

function byWeight(one: ExplainedRuleView, other: ExplainedRuleView): number {
  const weight = ({ decided, outcome }: ExplainedRuleView): number =>
    decided ? -1 : weights.indexOf(outcome);
  return weight(one) - weight(other);
}

function ruleView(rule: ExplainedRule, deciding: readonly string[]): ExplainedRuleView {
  const { problem } = rule;
  return {
    rule: rule.rule,
    effect: rule.effect,
    outcome: rule.outcome,
    decided: deciding.includes(rule.rule),
    when: rule.when,
    path: rule.path,
    line: rule.line,
    ...(problem === undefined ? {} : { problem: sanitize(problem) }),
    falseParts: rule.falseParts,
    saw: rule.saw.map(sawFact),
    on: rule.on,
  };
}

function sawFact({ fact, value }: ExplainedRule['saw'][number]): SawFact {
  return value === absent || value === undefined ? { fact, absent: true } : { fact, value: shown(value) };
}

const mostEntries = 20;

/** Converts a value to JSON that is short, and shows what cannot be seen. */
function shown(value: unknown): unknown {
  if (typeof value === 'string') return sanitize(value);
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Map) {
    const pairs = [...value]
      .slice(0, mostEntries)
      .map(([name, each]) => [sanitize(String(name), 512), shown(each)]);
    return Object.fromEntries(pairs) as unknown;
  }
  if (!Array.isArray(value)) return typeof value === 'object' ? '…' : value;
  const rest = value.length - mostEntries;
  return [...value.slice(0, mostEntries).map(shown), ...(rest > 0 ? [`… ${rest} more`] : [])];
}

function operationOf({ stored }: Question): Pick<ConnectionView, 'operation'> {
  const operation = stored?.operation;
  if (operation === undefined) return {};
  const { effect, state, decisionId, attempt, plannedAt, startedAt, endedAt, error, retryAt } = operation;
  const limit = isHeldByLimit(operation) ? limitedKindOf(operation) : undefined;
  const view: OperationView = {
    effect,
    state,
    decisionId,
    attempt,
    plannedAt,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(error === undefined ? {} : { error: sanitize(error) }),
    ...(retryAt === undefined ? {} : { retryAt }),
    ...(limit === undefined ? {} : { heldByLimit: limit }),
  };
  return { operation: view };
}

function answerOf({ stored, decision, policy }: Question, person: Person): Pick<ConnectionView, 'answer'> {
  const answer = stored?.answer;
  const first = answer?.given[0];
  if (answer === undefined || first === undefined) return {};
  const may = decision && whoMayAnswer(policy.answers, decision, answer.effect);
  const needed = may?.kind === 'people' ? may.needed : 1;
  const view: AnswerView = {
    effect: answer.effect,
    answers: answer.given.map(({ oid, name, reason, ticket, until, at }) => ({
      oid,
      name,
      effect: answer.effect,
      reason,
      ...(ticket === undefined ? {} : { ticket }),
      ...(until === undefined ? {} : { until }),
      at,
      mine: oid === person.oid,
    })),
    needed,
    state: answer.given.length < needed ? 'waits for a second person' : 'taken',
    voidAt: addSeconds(new Date(first.at), answerSeconds).toISOString(),
  };
  return { answer: view };
}

function mayOf(question: Question, person: Person): ConnectionView['may'] {
  const present = question.stored && presentAnswer(question.stored, question, question.input.now);
  const [approve, reject, remove] = answerEffects.map((effect): May => {
    const permission = permissionFor(question, person, effect);
    if (permission.kind === 'no') return { no: permission.why };
    const { needed } = permission;
    const conflict = answeredAlready(present, person, { effect, needed });
    return conflict === undefined ? { ok: true } : { no: conflict };
  });
  const unknown: May = { no: 'This is not possible.' };
  return { approve: approve ?? unknown, reject: reject ?? unknown, delete: remove ?? unknown };
}
