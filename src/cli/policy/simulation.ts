import { compareText } from '../../base/compare';
import { idKey } from '../../connections/resource-id';
import type { Decision } from '../../policy/decision';
import type { Facts } from '../../policy/facts/facts';
import type { Policy } from '../../policy/policy';
import { type AnswerParts, effectText } from './answer-text';

/** Bounds on what a simulation keeps, however many connections it sees. */
export const simulationLimits = { effects: 25, rules: 200, targets: 200, examples: 10, unread: 10 } as const;

/** A connection to decide, or one that could not be read. */
export type Simulated =
  | { readonly kind: 'facts'; readonly facts: Facts }
  | { readonly kind: 'unread'; readonly id: string; readonly problem: string };

export interface Answer extends AnswerParts {
  readonly reason: string;
}

export interface ChangeExample {
  readonly connection: string;
  readonly present: Answer;
  readonly candidate: Answer;
}

/** What a candidate policy would change. Counts and some examples: nothing here grows with the number of connections. */
export interface Simulation {
  readonly seen: number;
  /** Answered differently: something else would happen to the connection, or its approval would end at another time. */
  readonly changed: number;
  /** The same answer, but other rules gave it. */
  readonly otherRules: number;
  readonly unreadCount: number;
  /** Keys: `hold → approve`. */
  readonly byEffect: BoundedTally;
  /** Keys: `hold (no rule) → approve (a, b)`. */
  readonly byRule: BoundedTally;
  /** Keys: ARM ids of targets, in lower case. */
  readonly byTarget: BoundedTally;
  readonly examples: readonly ChangeExample[];
  readonly unread: readonly { readonly id: string; readonly problem: string }[];
}

export interface SimulationOptions {
  readonly present: Policy;
  readonly candidate: Policy;
  readonly connections: AsyncIterable<Simulated>;
  readonly now: Date;
}

/** Decides each connection by both policies, one at a time. Writes nothing; rejects only when `connections` does. */
export async function simulatePolicies(options: SimulationOptions): Promise<Simulation> {
  const { present, candidate, now } = options;
  const tallies = {
    byEffect: new BoundedTally(simulationLimits.effects),
    byRule: new BoundedTally(simulationLimits.rules),
    byTarget: new BoundedTally(simulationLimits.targets),
  };
  const counts = { seen: 0, changed: 0, otherRules: 0, unreadCount: 0 };
  const examples: ChangeExample[] = [];
  const unread: { readonly id: string; readonly problem: string }[] = [];
  for await (const item of options.connections) {
    if (item.kind === 'unread') {
      counts.unreadCount += 1;
      if (unread.length < simulationLimits.unread) unread.push({ id: item.id, problem: item.problem });
      continue;
    }
    counts.seen += 1;
    const before = answerOf(present.decide(item.facts, now));
    const after = answerOf(candidate.decide(item.facts, now));
    if (comesTo(before) === comesTo(after)) {
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
  if (decision === undefined) return { effect: 'none', rules: [], reason: 'No rule concerns this status' };
  const { effect, rules, reason, expireAfterSeconds } = decision;
  return { effect, rules, reason, expireAfterSeconds };
}

/** A connection that no rule concerns stays as it is, as a held one does. */
function comesTo(answer: Answer): string {
  return effectText(answer.effect === 'none' ? { effect: 'hold' } : answer);
}

function namesOf({ rules }: Answer): string {
  return rules.join(', ') || 'no rule';
}

/** Counts by key for at most so many keys; what comes after them is counted together. */
export class BoundedTally {
  private readonly counts = new Map<string, number>();
  private rest = 0;

  constructor(private readonly mostKeys: number) {}

  add(key: string): void {
    const count = this.counts.get(key);
    if (count === undefined && this.counts.size >= this.mostKeys) this.rest += 1;
    else this.counts.set(key, (count ?? 0) + 1);
  }

  /** How many keys are kept: never more than was said. */
  get size(): number {
    return this.counts.size;
  }

  /** What was counted under none of the keys kept. */
  get others(): number {
    return this.rest;
  }

  /** The most frequent first, then by key. */
  entries(): readonly (readonly [string, number])[] {
    return [...this.counts].sort(([a, m], [b, n]) => n - m || compareText(a, b));
  }
}
