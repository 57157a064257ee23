import fc from 'fast-check';
import { lower } from '../../../src/base/compare';

test('lower case changes the letters A to Z, and no others', () => {
  const letter = fc.oneof(
    fc.string({ minLength: 1, maxLength: 1 }),
    fc.constantFrom('A', 'Z', 'k', '\u212a', '\u0130', '\u00dc', '\u03a3', '@', '['),
  );
  fc.assert(
    fc.property(fc.array(letter), (letters) => {
      const slowly = letters.map((one) => (one >= 'A' && one <= 'Z' ? one.toLowerCase() : one));
      expect(lower(letters.join(''))).toBe(slowly.join(''));
    }),
    { numRuns: 2_000 },
  );
});
