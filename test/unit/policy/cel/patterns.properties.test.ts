import fc from 'fast-check';
import { Patterns } from '../../../../src/policy/cel/patterns';

const piece = fc.constantFrom('*', '**', '?', '/', 'a', 'B', '.', '$', '^', '(', '|', '\\', '\n', 'é', '👍');
const glob = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));

/** Made of the glob, so that it often fits: each wildcard gives way to some text. */
const fitting = (pattern: string): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom('', 'a', 'b/', '/', 'x', '\n', '👍'), { minLength: 10, maxLength: 10 })
    .map((fillings) => {
      let at = 0;
      return pattern.replace(/\*+|\?/g, () => fillings[at++ % 10] ?? '');
    });

/** The meaning of a glob once more, slow and obvious. */
function fits([first, ...rest]: readonly string[], text: readonly string[]): boolean {
  if (first === undefined) return text.length === 0;
  const [next, ...others] = text;
  if (first === '*' || first === '**') {
    if (fits(rest, text)) return true;
    return next !== undefined && (first === '**' || next !== '/') && fits([first, ...rest], others);
  }
  return next !== undefined && (first === '?' ? next !== '/' : next === first) && fits(rest, others);
}

test('a glob fits the texts that its wildcards can be replaced to, and no others', () => {
  const asciiLower = (text: string): string => text.replaceAll('B', 'b').replaceAll('A', 'a');
  const seen = new Set<boolean>();
  fc.assert(
    fc.property(
      glob.chain((pattern) => fc.tuple(fc.constant(pattern), fc.oneof(fitting(pattern), glob))),
      ([pattern, text]) => {
        const tokens = asciiLower(pattern).match(/\*\*+|[^]/gu) ?? [];
        const expected = fits(
          tokens.map((token) => (token.startsWith('**') ? '**' : token)),
          Array.from(asciiLower(text)),
        );
        seen.add(expected);
        expect(new Patterns([pattern]).glob(text, pattern)).toBe(expected);
      },
    ),
    { numRuns: 1_000 },
  );
  expect(seen.size).toBe(2);
});
