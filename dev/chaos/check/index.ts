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
  /** Writes that policy wanted by the last reading, though not any more when they arrived. */
  readonly raced: number;
}

/**
 * Judges a run by the local Azure's own log and the ledger. Shares nothing with the app's policy engine or its reviews:
 * what each connection wants stands in a table of its own.
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
    ],
    raced,
  };
}

/** What a run that is still going on has yet to do: cheap, from inside the local Azure. */
export { checkFinalStates, checkEndings, expectedEffectAtEnd };
