import { compareText } from '../../base/compare';
import { idKey } from '../../connections/resource-id';
import type { Decision } from '../../policy/decision';
import { withAnnouncement } from '../../policy/expected/announced-facts';
import type { Facts } from '../../policy/facts/facts';
import { formatTimeSpan } from '../../policy/file/time-span';
import type { Policy } from '../../policy/policy';
import type { FactsReading } from '../facts/facts-input';
import { type AnswerParts, effectText } from './answer-text';

/** Maximum number of entries that a simulation keeps of each kind, for any number of connections. */
export const simulationLimits = {
  effects: 25,
  rules: 200,
  targets: 200,
  examples: 10,
  readFailed: 10,
} as const;

/** The decision of one policy on one connection. */
export interface Answer extends AnswerParts {
  readonly reason: string;
}

/** A connection on which the two policies decide differently. */
export interface ChangeExample {
  readonly connection: string;
  readonly present: Answer;
  readonly candidate: Answer;
}

/**
 * What a candidate policy would change: counts and a few examples. Its size does not grow with the
 * number of connections.
 */
export interface Simulation {
  readonly seen: number;
  /** Connections to which something else would happen, or whose approval would expire at another time. */
  readonly changed: number;
  /** Connections with the same decision, made by other rules. */
  readonly otherRules: number;
  readonly unreadCount: number;
  /** Keys: `hold → approve`. */
  readonly byEffect: BoundedTally;
  /** Keys: `hold (no rule) → approve (a, b)`. */
  readonly byRule: BoundedTally;
  /** Keys: ARM ids of targets, in lower case. */
  readonly byTarget: BoundedTally;
  /** How many connections get each effect, by policy. Keys: `approve`. */
  readonly totals: { readonly present: BoundedTally; readonly candidate: BoundedTally };
  /** What the candidate would do with the connections that change; without a current policy, with all that it decides. */
  readonly plan: PolicyPlan;
  /** Connections with an endpoint whose source states no counts (`consumer`). */
  readonly withoutCounts: number;
  readonly examples: readonly ChangeExample[];
  readonly unread: readonly { readonly id: string; readonly problem: string }[];
}

/** What a policy would do, by rule and by target. */
export interface PolicyPlan {
  /** Keys: those of `planKey`, with the names of the rules. */
  readonly byRule: BoundedTally;
  /** Keys: those of `planKey`, with the ARM id of the target in lower case. */
  readonly byTarget: BoundedTally;
}

/** Joins an effect and what it is counted by to one key. */
export function planKey(effect: string, by: string): string {
  return `${effect}\n${by}`;
}

/** The two policies, and the connections to decide. */
export interface SimulationOptions {
  /** `undefined`: there is no current policy, so that nothing happens to any connection. */
  readonly present: Policy | undefined;
  readonly candidate: Policy;
  readonly connections: AsyncIterable<FactsReading>;
  readonly now: Date;
}

/** Decides with what is announced beside the policy. */
function decided(policy: Policy, facts: Facts, now: Date): Decision | undefined {
  return policy.decide(withAnnouncement(facts, policy.expected, now), now);
}

const noPolicy: Answer = { effect: 'none', rules: [], reason: 'There is no current policy' };

/**
 * Decides each connection with both policies, one at a time. Writes nothing; rejects only if
 * `connections` does.
 */
export async function simulatePolicies(options: SimulationOptions): Promise<Simulation> {
  const { present, candidate, now } = options;
  const tallies = {
    byEffect: new BoundedTally(simulationLimits.effects),
    byRule: new BoundedTally(simulationLimits.rules),
    byTarget: new BoundedTally(simulationLimits.targets),
    totals: {
      present: new BoundedTally(simulationLimits.effects),
      candidate: new BoundedTally(simulationLimits.effects),
    },
    plan: {
      byRule: new BoundedTally(simulationLimits.rules),
      byTarget: new BoundedTally(simulationLimits.targets),
    },
  };
  const counts = { seen: 0, changed: 0, otherRules: 0, unreadCount: 0, withoutCounts: 0 };
  const examples: ChangeExample[] = [];
  const unread: { readonly id: string; readonly problem: string }[] = [];
  for await (const item of options.connections) {
    if (item.kind === 'readFailed') {
      counts.unreadCount += 1;
      if (unread.length < simulationLimits.readFailed) unread.push({ id: item.id, problem: item.problem });
      continue;
    }
    counts.seen += 1;
    if (item.facts.endpoint !== undefined && item.facts.consumer === undefined) counts.withoutCounts += 1;
    const before = present === undefined ? noPolicy : answerOf(decided(present, item.facts, now));
    const after = answerOf(decided(candidate, item.facts, now));
    tallies.totals.present.add(before.effect);
    tallies.totals.candidate.add(after.effect);
    const isSame = consequenceOf(before) === consequenceOf(after);
    if (!isSame || (present === undefined && after.effect !== 'none')) {
      const rules = namesOf(after) + (after.expireAfterSeconds === undefined ? '' : `, ${endOf(after)}`);
      tallies.plan.byRule.add(planKey(after.effect, rules));
      tallies.plan.byTarget.add(planKey(after.effect, idKey(item.facts.target.id)));
    }
    if (isSame) {
      if (namesOf(before) !== namesOf(after)) counts.otherRules += 1;
      continue;
    }
    counts.changed += 1;
    tallies.byEffect.add(`${effectText(before)} → ${effectText(after)}`);
    tallies.byRule.add(
      `${effectText(before)} (${namesOf(before)}) → ${effectText(after)} (${namesOf(after)})`,
    );
    tallies.byTarget.add(idKey(item.facts.target.id));
    if (examples.length < simulationLimits.examples)
      examples.push({ connection: item.facts.connection.id, present: before, candidate: after });
  }
  return { ...counts, ...tallies, examples, unread };
}

function answerOf(decision: Decision | undefined): Answer {
  if (decision === undefined) return { effect: 'none', rules: [], reason: 'No rule applies to this status' };
  const { effect, rules, reason, expireAfterSeconds } = decision;
  return { effect, rules, reason, expireAfterSeconds };
}

/**
 * Describes what would happen to a connection. No applicable rule counts as hold, because both
 * leave the connection as it is.
 */
function consequenceOf(answer: Answer): string {
  return effectText(answer.effect === 'none' ? { effect: 'hold' } : answer);
}

function endOf({ expireAfterSeconds = 0 }: Answer): string {
  return `ends after ${formatTimeSpan(expireAfterSeconds)}`;
}

function namesOf({ rules }: Answer): string {
  return rules.join(', ') || 'no rule';
}

/** Counter by key for at most `mostKeys` keys; any further keys are counted together. */
export class BoundedTally {
  private readonly counts = new Map<string, number>();
  private rest = 0;

  constructor(private readonly mostKeys: number) {}

  add(key: string): void {
    const count = this.counts.get(key);
    if (count === undefined && this.counts.size >= this.mostKeys) this.rest += 1;
    else this.counts.set(key, (count ?? 0) + 1);
  }

  /** Number of keys, at most `mostKeys`. */
  get size(): number {
    return this.counts.size;
  }

  /** Count of all further keys together. */
  get others(): number {
    return this.rest;
  }

  /** Returns the counts, the most frequent first, then by key. */
  entries(): readonly (readonly [string, number])[] {
    return [...this.counts].sort(([a, m], [b, n]) => n - m || compareText(a, b));
  }
}
