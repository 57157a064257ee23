import { lower, upper } from '../base/compare';

/**
 * Returns one spelling for all texts that ARM treats as equal: A to Z, and every other letter that has
 * exactly one partner in the other case, in lower case. No letter beyond ASCII becomes an ASCII one (the
 * Kelvin sign is not a `k`). Keeps the length.
 */
export function foldText(text: string): string {
  return hasOther.test(text) ? lower(lowerPairs(text)) : text.toLowerCase();
}

/**
 * Raises the letters that `foldText` lowers, so that texts are equal when folded and raised whatever their
 * case was.
 */
export function raiseText(text: string): string {
  return upper(
    text.replace(beyondAscii, (letter) => {
      const large = letter.toUpperCase();
      return large.length === letter.length && lowerPairs(large) === letter ? large : letter;
    }),
  );
}

/**
 * Lowers letters beyond ASCII that have exactly one partner in lower case, of which they are the only one in
 * upper case.
 */
export function lowerPairs(text: string): string {
  return text.replace(beyondAscii, (letter) => {
    const small = letter.toLowerCase();
    return small.length === letter.length && small.toUpperCase() === letter ? small : letter;
  });
}

const beyondAscii = /[^\u0000-\u007f]/gu;
const hasOther = /[^\u0000-\u007f]/;
