import type { FactView } from '../facts/fact-view';

/** How one condition is asked: its conjuncts in the order in which they are evaluated. */
export type ConditionPlan = readonly PlannedConjunct[];

interface PlannedConjunct {
  readonly conjunct: Conjunct;
  /** Where its answer is kept during a decision: the same for all conditions that share it. */
  readonly slot: number;
  /** Where it stands in its condition. */
  readonly position: number;
}

/** What conjuncts have answered in one decision, by slot. Begins empty. */
export type Answers = (Evaluation | undefined)[];

/**
 * Plans how all conditions of a policy are asked, in their order. What can decide the most rules for the least work is
 * asked first. The order makes no difference to what `answerCondition` answers.
 */
export function planConditions(
  conditions: readonly { readonly conjuncts: readonly Conjunct[] }[],
): readonly ConditionPlan[] {
  const shares = new Map<Conjunct, { slot: number; conditions: number }>();
  for (const conjunct of conditions.flatMap(({ conjuncts }) => [...new Set(conjuncts)])) {
    const share = shares.get(conjunct) ?? { slot: shares.size, conditions: 0 };
    shares.set(conjunct, { ...share, conditions: share.conditions + 1 });
  }
  return conditions.map(({ conjuncts }) =>
    conjuncts
      .map((conjunct, position) => {
        const { slot, conditions: sharing } = shares.get(conjunct) ?? { slot: shares.size, conditions: 1 };
        return { conjunct, slot, position, worth: sharing / conjunct.steps };
      })
      .sort((a, b) => b.worth - a.worth),
  );
}

/**
 * What a condition answers, as the CEL library does for `a && b && c`: false when some conjunct is false, whatever the
 * others are; else the failure of the last one that fails; else true. No conjunct is evaluated twice for the same `answers`.
 */
export function answerCondition(
  plan: ConditionPlan,
  view: Parameters<Conjunct['evaluate']>[0],
  answers: Answers,
): Evaluation {
  let failure: Evaluation | undefined;
  let failedAt = -1;
  for (const { conjunct, slot, position } of plan) {
    const evaluation = (answers[slot] ??= conjunct.evaluate(view));
    if (evaluation.kind === 'failed') {
      if (position > failedAt) [failure, failedAt] = [evaluation, position];
    } else if (!evaluation.answer) {
      return evaluation;
    }
  }
  return failure ?? allTrue;
}

const allTrue: Evaluation = Object.freeze({ kind: 'answered', answer: true });

/** Whether facts are read that cost a call: one for the target, one for each endpoint. */
export interface CostlyReads {
  readonly target: boolean;
  readonly endpoint: boolean;
}

export type Evaluation =
  | { readonly kind: 'answered'; readonly answer: boolean }
  | { readonly kind: 'failed'; readonly problem: string };

/** An operand of a condition's outermost `&&`s, or the whole of one that has none. */
export interface Conjunct {
  /** The most that evaluating it can cost, as in `worstCost`. */
  readonly steps: number;
  /** Facts that cost a call and that it reads, `has()` included. */
  readonly reads: CostlyReads;
  /** Pure. A fact that is absent and that matters for the answer is a failure, never an answer. */
  readonly evaluate: (view: FactView) => Evaluation;
}
