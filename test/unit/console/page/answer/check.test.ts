import fc from 'fast-check';
import type { AnswerEffect } from '../../../../../src/console/api';
import { type Filled, lengthOf, parseDraft, requestOf } from '../../../../../console/answer/check';
import { heldView, sampleNow } from '../../../../support/page/samples';

const now = Date.parse(sampleNow);
const filled = (changes: Partial<Filled> = {}): Filled => ({
  id: 'x',
  effect: 'approve',
  reason: 'Agreed with the owner.',
  ticket: '',
  until: '',
  isConfirmed: false,
  ...changes,
});

test.each<[string, Partial<Filled>, string]>([
  ['a reason of 9 characters', { reason: ' 123456789 ' }, 'reason'],
  ['a reason of 501 characters', { reason: 'x'.repeat(501) }, 'reason'],
  ['a ticket of 101 characters', { ticket: 'x'.repeat(101) }, 'ticket'],
  ['an end in the past', { until: '2026-03-05T11:59' }, 'until'],
  ['an end in less than ten minutes', { until: '2026-03-05T12:09' }, 'until'],
  ['an end that is no time', { until: 'tomorrow' }, 'until'],
  ['a rejection that is not confirmed', { effect: 'reject' }, 'confirm'],
  ['a deletion that is not confirmed', { effect: 'delete' }, 'confirm'],
])('%s is not sent', (_what, changes, field) => {
  expect(requestOf(heldView('pe'), filled(changes), now)).toMatchObject({ problems: [{ field }] });
});

test('what is sent is bound to the view, and nothing is sent that was not asked', () => {
  const effects = fc.constantFrom<AnswerEffect>('approve', 'reject', 'delete');
  const anything = fc.record({
    id: fc.string(),
    effect: effects,
    reason: fc.string({ minLength: 8, maxLength: 510 }),
    ticket: fc.string({ maxLength: 110 }),
    until: fc.constantFrom('', '2026-03-05T11:59', '2026-03-05T12:10', 'x'),
    isConfirmed: fc.boolean(),
  });
  fc.assert(
    fc.property(anything, fc.record({ reject: fc.boolean(), delete: fc.boolean() }), (input, final) => {
      const view = heldView('pe', { final });
      const result = requestOf(view, input, now);
      if ('problems' in result) {
        expect(result.problems.length).toBeGreaterThan(0);
        return;
      }
      const { request } = result;
      expect(request).toMatchObject({
        id: view.connection.id,
        decisionId: 'd-1',
        seen: 's-1',
        effect: input.effect,
      });
      expect(lengthOf(request.reason)).toBeGreaterThanOrEqual(10);
      expect(lengthOf(request.reason)).toBeLessThanOrEqual(500);
      expect(request.reason).not.toMatch(/^\s|[\r\n]|\s$/);
      const isFinal = input.effect !== 'approve' && final[input.effect];
      expect(request.confirm).toBe(isFinal ? true : undefined);
      if (isFinal) expect(input.isConfirmed).toBe(true);
      if (request.until !== undefined) {
        expect(input.effect).toBe('approve');
        expect(Date.parse(request.until)).toBeGreaterThan(now);
      }
    }),
  );
});

test('a connection without a question cannot be answered', () => {
  const { decisionId: _none, ...view } = heldView('pe');
  expect(requestOf(view, filled(), now)).toEqual({ problems: [] });
});

describe('a kept draft', () => {
  const draft = {
    id: 'x',
    effect: 'reject',
    reason: 'r',
    ticket: 't',
    until: '',
    decisionId: 'd',
    seen: 's',
    isOpen: true,
  };

  test('is read as it was kept', () => {
    expect(parseDraft(JSON.stringify(draft))).toEqual(draft);
  });

  test.each(['', '{', 'null', '1', '[]', '{"effect":"toString"}', JSON.stringify({ ...draft, reason: 1 })])(
    '%j is none',
    (text) => {
      expect(parseDraft(text)).toBeUndefined();
    },
  );

  test('any text is a draft or none', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc.object().map((each) => JSON.stringify({ ...draft, ...each })),
    );
    fc.assert(
      fc.property(anything, (text) => {
        expect(['undefined', 'string']).toContain(typeof parseDraft(text)?.reason);
      }),
    );
  });
});
