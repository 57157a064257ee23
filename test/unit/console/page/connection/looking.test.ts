import fc from 'fast-check';
import type { ConnectionView } from '../../../../../src/console/api';
import {
  acknowledge,
  isSameQuestion,
  type Looking,
  seeNext,
  seeRefusal,
} from '../../../../../console/connection/looking';
import { heldView } from '../../../../support/page/samples';

const no = { no: 'It does not wait.' };
const views = fc
  .record({ question: fc.integer({ min: 1, max: 3 }), canAnswer: fc.boolean(), at: fc.integer() })
  .map(({ question, canAnswer, at }): ConnectionView => {
    const changes = { decisionId: `d-${question}`, seen: `s-${question}`, asOf: `${at}` };
    return heldView('pe', canAnswer ? changes : { ...changes, may: { approve: no, reject: no, delete: no } });
  });
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('next' as const), view: views }),
    fc.record({ kind: fc.constant('refused' as const), view: views }),
    fc.constant({ kind: 'read' as const }),
  ),
);

test('an answer is bound to what was on the screen without an unread change', () => {
  fc.assert(
    fc.property(views, steps, (first, all) => {
      let looking: Looking = seeNext(undefined, first);
      /** What the person can have read: what was shown while nothing was marked as changed, or what they said they read. */
      const read: ConnectionView[] = [first];
      for (const step of all) {
        const before = looking;
        if (step.kind === 'next') looking = seeNext(looking, step.view);
        else if (step.kind === 'refused') looking = seeRefusal(looking.looked, step.view);
        else looking = acknowledge(looking);
        if (step.kind === 'read') read.push(before.change?.now ?? before.looked);
        if (step.kind === 'next' && looking.change === undefined) {
          // Nothing was marked: it is the same question, or one that nobody can answer.
          const isHarmless = isSameQuestion(before.looked, step.view) || 'no' in step.view.may.approve;
          expect(isHarmless).toBe(true);
          read.push(step.view);
        }
        expect(read).toContain(looking.looked);
        expect(looking.change?.before).toBe(looking.change === undefined ? undefined : looking.looked);
      }
    }),
  );
});

test('what changes back is no change', () => {
  const [one, other] = [heldView('pe'), heldView('pe', { seen: 's-2' })];
  const changed = seeNext(seeNext(undefined, one), other);
  expect(changed).toEqual({ looked: one, change: { before: one, now: other, wasSent: false } });
  expect(seeNext(changed, one)).toEqual({ looked: one });
  expect(acknowledge(changed)).toEqual({ looked: other });
});
