import fc from 'fast-check';

const surrogates = { first: 0xd800, count: 0x800 };

/**
 * Any code point except half of a surrogate pair, for `fc.string({ unit: codePoint })`. Draws what fast-check's unit
 * 'binary' draws. That unit first lists all its million characters, which costs each test file 0.7 s and 130 MB.
 */
export const codePoint: fc.Arbitrary<string> = fc
  .nat({ max: 0x10ffff - surrogates.count })
  .map(characterAt, (text) => indexOf(String(text)));

function characterAt(index: number): string {
  return String.fromCodePoint(index < surrogates.first ? index : index + surrogates.count);
}

/** Reverses `characterAt`; -1, which fast-check takes for "cannot be drawn", for anything else than one code point. */
function indexOf(text: string): number {
  const code = /^\P{Cs}$/u.test(text) ? (text.codePointAt(0) ?? -1) : -1;
  return code < surrogates.first ? code : code - surrogates.count;
}
