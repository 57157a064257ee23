import { expectedEffectIn, type ExpectedEffect } from '../plan/expected-answers';
import { groupById, type Evidence, type Subject, type Violation } from './evidence';
import { idsOf, storyOf } from './story';

/**
 * Checks that every connection ends in a status that policy leaves alone, or is held with a reason, or is
 * gone.
 */
export function checkFinalStates(evidence: Evidence): readonly Violation[] {
  const holds = groupById(
    evidence.ledger.filter(({ record }) => record.kind === 'decided' && record.effect === 'hold'),
    ({ record }) => record.connection,
  );
  const approvals = groupById(
    evidence.ledger.filter(({ record }) => record.kind === 'decided' && record.effect === 'approve'),
    ({ record }) => record.connection,
  );
  return evidence.subjects.flatMap((subject) => {
    const atEnd = expectedEffectAtEnd(evidence, subject);
    const isUsed = idsOf(subject).some((id) => approvals.has(id.toLowerCase()));
    const expected = atEnd === 'once' ? (isUsed ? 'hold' : 'approve') : atEnd === 'ours' ? 'hold' : atEnd;
    if (subject.connectionId === undefined) return [unfinished(subject, 'was never registered')];
    if (expected === 'leave') return [];
    if (expected !== 'hold') {
      const story = storyOf(evidence, subject.connectionId);
      return [unfinished(subject, `is ${subject.status}; policy wants ${expected}; ${story}`)];
    }
    const reasons = holds.get(subject.connectionId.toLowerCase()) ?? [];
    const isHeld = reasons.some(
      ({ record }) => record.status === subject.status && (record.reason ?? '') !== '',
    );
    return isHeld ? [] : [{ rule: 'held-without-reason', what: `${subject.label} is ${subject.status}` }];
  });
}

/** Returns the effect that policy wants at the end. A timed approval of Postern must have ended by then. */
export function expectedEffectAtEnd(
  { postern }: Pick<Evidence, 'postern'>,
  { expectedEffects, status, by }: Subject,
): ExpectedEffect {
  const expected = expectedEffectIn(expectedEffects, status);
  return expected === 'end' && by !== postern ? 'leave' : expected;
}

function unfinished({ label }: Subject, what: string): Violation {
  return { rule: 'state-not-wanted', what: `${label} ${what}` };
}
