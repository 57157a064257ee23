import { checkAnswers } from './answers';
import { checkDecisions } from './decisions';
import { checkEndings } from './endings';
import type { Evidence, Violation } from './evidence';
import { checkFinalStates, expectedEffectAtEnd } from './final-states';
import { checkLasting } from './lasting';
import { checkOverlappingWrites } from './overlapping-writes';
import { checkUnwantedWrites } from './unwanted-writes';

export type { Evidence, Violation, ViolationRule } from './evidence';

export interface Verdict {
  readonly violations: readonly Violation[];
  /** The number of writes that policy wanted at the last reading, but no longer when they arrived. */
  readonly raced: number;
}

/**
 * Judges a run by the local Azure's log and the ledger. Shares nothing with the app's policy engine or its
 * reviews; the expected effects are in a separate table.
 */
export function check(evidence: Evidence): Verdict {
  const { violations, raced } = checkUnwantedWrites(evidence);
  return {
    violations: [
      ...violations,
      ...checkOverlappingWrites(evidence),
      ...checkDecisions(evidence),
      ...checkEndings(evidence),
      ...checkFinalStates(evidence),
      ...checkLasting(evidence),
      ...checkAnswers(evidence),
    ],
    raced,
  };
}

/** Cheap checks for a run that is still going on. */
export { checkAnswers, checkFinalStates, checkEndings, expectedEffectAtEnd };
