import fc from 'fast-check';
import {
  composeDescriptions,
  maxDescriptionLength,
  namesDecision,
} from '../../../src/operations/description';

const parts = { effect: 'approve' as const, rules: ['landing-zones'], decisionId: '0123456789abcdef' };

test('the note follows the requester’s message', () => {
  expect(composeDescriptions({ ...parts, message: 'CHG 1' })[0]).toBe(
    'CHG 1 [Postern approved: landing-zones; 01234567]',
  );
});

test('without a message the note stands alone', () => {
  expect(composeDescriptions({ ...parts, effect: 'reject', message: '' })[0]).toBe(
    '[Postern rejected: landing-zones; 01234567]',
  );
});

test('where the rules do not fit, the decision’s id is kept', () => {
  const rules = ['x'.repeat(200)];
  expect(composeDescriptions({ ...parts, rules, message: 'm'.repeat(140) })[0]).toBe(
    `${'m'.repeat(140)} [Postern approved; 01234567]`,
  );
});

test('the requester’s message is never lost, and only its own length can pass the limit', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 600 }), fc.array(fc.string(), { maxLength: 5 }), (message, rules) => {
      const text = composeDescriptions({ ...parts, message, rules })[0];
      expect(text.startsWith(message.trimEnd())).toBe(true);
      expect(text.length).toBeLessThanOrEqual(Math.max(maxDescriptionLength, message.length));
    }),
  );
});

test('what may follow when the note is refused: the decision’s id alone, then the message as it came', () => {
  expect(composeDescriptions({ ...parts, message: 'CHG 1 ' })).toEqual([
    'CHG 1 [Postern approved: landing-zones; 01234567]',
    'CHG 1 [Postern approved; 01234567]',
    'CHG 1 ',
  ]);
});

test('the notes of earlier answers give way to the new one, but not a request’s own words', () => {
  const message = 'CHG 1 [Postern approved: a; 00000000] [Postern rejected; 11111111]';
  expect(composeDescriptions({ ...parts, message, isAnswered: true })[0]).toBe(
    'CHG 1 [Postern approved: landing-zones; 01234567]',
  );
  expect(composeDescriptions({ ...parts, message })[0]).toBe(
    `${message} [Postern approved: landing-zones; 01234567]`,
  );
});

test('all rules are named, in order', () => {
  expect(composeDescriptions({ ...parts, rules: ['a', 'b'], message: '' })[0]).toBe(
    '[Postern approved: a, b; 01234567]',
  );
});

test('a description of exactly 256 characters fits', () => {
  const note = ' [Postern approved: landing-zones; 01234567]';
  const message = 'm'.repeat(256 - note.length);
  expect(composeDescriptions({ ...parts, message })[0]).toBe(`${message}${note}`);
});

test.each([
  ['CHG 1 [Postern approved: a; 00000000] and more', 'CHG 1 [Postern approved: a; 00000000] and more'],
  ['CHG 1   [Postern approved: a; 00000000]  ', 'CHG 1'],
  ['CHG 1[Postern rejected; 00000000]\n[Postern approved; 11111111]', 'CHG 1'],
  ['CHG 1 [Postern approved: a; 0000000]', 'CHG 1 [Postern approved: a; 0000000]'],
])('only notes at the end are replaced: %j', (message, words) => {
  expect(composeDescriptions({ ...parts, message, isAnswered: true })[0]).toBe(
    `${words} [Postern approved: landing-zones; 01234567]`,
  );
});

test.each([
  [true, 'CHG 1 [Postern approved: a, b; 01234567]'],
  [true, '[Postern rejected; 01234567]'],
  [false, '[Postern approved: a; 76543210]'],
  [false, '[Postern approved: a; 01234567] and more'],
  [false, 'Postern approved: a; 01234567'],
  [false, '[Postern approved: a] [b; 01234567]'],
])('it is %s that a decision is named by %j', (expected, text) => {
  expect(namesDecision(text, parts.decisionId)).toBe(expected);
});
