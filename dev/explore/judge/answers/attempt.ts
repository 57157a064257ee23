import type { AnswerEffect } from '../../world/console/answer-policy';
import type { ConsolePerson } from '../../world/console/people';

/** What a person saw on a connection's page. */
export interface Looked {
  /** The id of the question, as the page names it. */
  readonly decisionId: string;
  readonly status: string;
  /** In lower case; empty if the page named none. */
  readonly endpointId: string;
  readonly policyDigest: string;
  /** Between which moments the app read what it showed. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** An answer that a person sent. */
export interface Attempt {
  readonly person: ConsolePerson;
  /** The connection's id in lower case. */
  readonly connection: string;
  readonly effect: AnswerEffect;
  /** Of no other answer. */
  readonly reason: string;
  readonly looked: Looked;
  /** The end of the approval, in milliseconds; absent: it has none. */
  readonly endsMs?: number | undefined;
}

/** An answer that is in the ledger. */
export interface Answered extends Attempt {
  /** When it was given, as the ledger says, and when the ledger took it. */
  readonly atMs: number;
  readonly storedMs: number;
  /** Why it counts no longer; absent while it does. */
  over?: 'withdrawn' | 'void' | undefined;
  /** Whether the ledger says that a write was decided because of it. */
  isDecided: boolean;
}
