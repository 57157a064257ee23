import type { Connection } from '../../connections/connection';
import type { WriteEffect } from '../../connections/connection-store';
import type { Decision } from '../../policy/decision';
import type { Facts } from '../../policy/facts/facts';
import type { Policy } from '../../policy/policy';

/** The question that an answer must answer. */
export interface Question {
  readonly policy: Policy;
  readonly connection: Connection;
  readonly facts: Facts;
  /** The policy's decision now, and its id. */
  readonly decision: Decision | undefined;
  readonly id: string | undefined;
  readonly now: Date;
}

/** Whether an answer counts. */
export type Verdict =
  /** Enough people agree, and nothing has changed. `effect`: what is done, if not what the answer says. */
  | { readonly kind: 'counts'; readonly decision: Decision; readonly effect?: WriteEffect }
  /** Another person must agree. */
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'void'; readonly why: string };
