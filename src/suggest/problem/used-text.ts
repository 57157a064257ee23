import type { RequesterKind, TargetFact } from './dimensions';

/** One text of a rule, and the fact that it is compared with. */
export interface UsedText {
  /** The kind of the condition about who asks, or the fact of the target. */
  readonly fact: RequesterKind | TargetFact;
  /** Absent: no text may be used, because the name of the tag itself cannot be stated. */
  readonly text?: string | undefined;
}

/** Returns a text that is the same for the same use of a text. */
export function keyOfText({ fact, text }: UsedText): string {
  return JSON.stringify([fact, text ?? null]);
}
