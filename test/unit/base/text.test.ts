import fc from 'fast-check';
import { sanitize } from '../../../src/base/text';
import { codePoint } from '../../support/arbitraries/code-point';

const anyText = fc.oneof(fc.string({ unit: codePoint }), fc.string({ unit: 'grapheme' }), utf16Text());

describe('harmless', () => {
  test.each([
    ['a plain text stays as it is', 'Please approve, ticket 4711 / Größe 日本 👍', undefined],
    ['a right-to-left override is spelled out', 'pay\u202Egnp.exe', 'pay\\u{202e}gnp.exe'],
    ['line breaks and tabs are spelled out', 'a\r\n\tb', 'a\\u{d}\\u{a}\\u{9}b'],
    ['the escape character of terminals is spelled out', '\u001b[31mred', '\\u{1b}[31mred'],
    ['C1 control characters are spelled out', 'a\u009bb', 'a\\u{9b}b'],
    ['zero-width characters are spelled out', 'a\u200b\u200d\ufeffb', 'a\\u{200b}\\u{200d}\\u{feff}b'],
    ['line and paragraph separators are spelled out', 'a\u2028b\u2029', 'a\\u{2028}b\\u{2029}'],
    ['invisible tag characters are spelled out', 'a\u{e0041}', 'a\\u{e0041}'],
    ['blank letters are spelled out', 'a\u3164b', 'a\\u{3164}b'],
    ['a lone surrogate is spelled out', 'a\ud83d', 'a\\u{d83d}'],
  ])('%s', (_, text, expected) => {
    expect(sanitize(text)).toBe(expected ?? text);
  });

  test('a text of just the right length is not cut', () => {
    expect(sanitize('x'.repeat(1024))).toBe('x'.repeat(1024));
  });

  test('a text that is too long is cut and ends in the mark', () => {
    expect(sanitize('x'.repeat(1025))).toBe(`${'x'.repeat(1023)}…`);
  });

  test('a cut splits neither an escape nor a character', () => {
    expect(sanitize('ab\u202ecd', 6)).toBe('ab…');
    expect(sanitize('ab👍cd', 4)).toBe('ab…');
  });

  test('whatever comes in, nothing invisible and nothing too long comes out', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 40 }), (text, maxLength) => {
        const shown = sanitize(text, maxLength);
        expect(shown.length).toBeLessThanOrEqual(maxLength);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  test('what is harmless already comes out as it is', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const once = sanitize(text, 10_000);
        expect(sanitize(once, 10_000)).toBe(once);
      }),
    );
  });
});

function utf16Text(): fc.Arbitrary<string> {
  return fc
    .array(fc.integer({ min: 0, max: 0xffff }))
    .map((units) => units.map((unit) => String.fromCharCode(unit)).join(''));
}
