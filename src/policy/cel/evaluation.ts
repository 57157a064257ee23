import type { FactView } from '../facts/fact-view';

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
