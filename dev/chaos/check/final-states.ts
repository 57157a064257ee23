import { expectedEffectIn, type ExpectedEffect } from '../plan/expected-answers';
import { groupById, type Evidence, type Subject, type Violation } from './evidence';
import { storyOf } from './story';

/** Every connection ends in a status that policy leaves alone, or is held with a reason, or is gone. */
export function checkFinalStates(evidence: Evidence): readonly Violation[] {
  const holds = groupById(
    evidence.ledger.filter(({ record }) => record.kind === 'decided' && record.effect === 'hold'),
    ({ record }) => record.connection,
  );
  return evidence.subjects.flatMap((subject) => {
    const expected = expectedEffectAtEnd(evidence, subject);
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

/** An approval of Postern's that ends has to end before the run does. */
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
