import type { RequesterKind, TargetFact } from '../problem/dimensions';

/** An approving rule in words: what is learned, with the texts of its values. */
export interface SuggestedRule {
  /** Unique in the proposal. Letters, digits and dashes. */
  readonly name: string;
  readonly requester: { readonly kind: RequesterKind; readonly texts: readonly string[] };
  /** At most one condition about types. */
  readonly target: readonly {
    readonly fact: TargetFact;
    readonly texts: readonly string[];
    readonly negated: boolean;
  }[];
  /** Number of approvals that the rule explains. */
  readonly approvals: number;
}
