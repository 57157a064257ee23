import type { AnswerEffect } from '../../../src/console/api';
import type { LocalPerson } from '../../console/people';

/** An answer that a person sent. Times are milliseconds since 1970. */
export interface Attempt {
  readonly person: LocalPerson;
  /** The connection's id. */
  readonly connection: string;
  readonly effect: AnswerEffect;
  /** Of no other answer. */
  readonly reason: string;
  /** The question that the page showed. */
  readonly decisionId: string;
  /** Between which moments the page was read. */
  readonly lookedFromMs: number;
  readonly lookedUntilMs: number;
  /** When the answer was sent for the first time. */
  readonly sentMs: number;
  /** What the app replied at last; absent: no reply came. */
  outcome?: 'taken' | 'refused' | undefined;
  /** When the app let the person take it back; absent: it did not. */
  withdrawnMs?: number | undefined;
}

/** A requester's change of its endpoint's tags. */
export interface Retagging {
  readonly endpointId: string;
  readonly atMs: number;
}
