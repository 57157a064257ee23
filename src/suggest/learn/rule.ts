import type { RequesterKind } from '../problem/dimensions';

/** Which requesters a rule is for. `values`: numbers of the dimension's values, ascending. */
export interface RequesterPart {
  readonly kind: RequesterKind;
  readonly values: readonly number[];
}

/** A condition about the target. `negated`: the fact has none of the values. */
export interface TargetPart {
  /** Number of the dimension. */
  readonly dimension: number;
  readonly values: readonly number[];
  readonly negated: boolean;
}

/** An approving rule as it is learned: who may ask, and for which targets. All parts must hold. */
export interface LearnedRule {
  readonly requester: RequesterPart;
  /** In the order of the dimensions. At most one for each fact. */
  readonly target: readonly TargetPart[];
}

/** Returns a text that is the same for the same rule. */
export function keyOfRule(rule: LearnedRule): string {
  return JSON.stringify(rule);
}
