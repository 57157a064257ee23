import { lower, upper } from '../base/ascii-case';

/**
 * Makes one spelling of all that ARM takes for one text: A to Z, and every other letter that has exactly one partner in the
 * other case, in lower case. No letter beyond ASCII becomes an ASCII one (the Kelvin sign is no `k`). Keeps the length.
 */
export function foldText(text: string): string {
  return hasOther.test(text) ? lower(lowerPairs(text)) : text.toLowerCase();
}

/** Does the same towards upper case, so that what was folded and raised is equal whatever it was before. */
export function raiseText(text: string): string {
  return upper(
    text.replace(beyondAscii, (letter) => {
      const large = letter.toUpperCase();
      return large.length === letter.length && lowerPairs(large) === letter ? large : letter;
    }),
  );
}

/** Lowers letters beyond ASCII that have one partner in lower case, which has them for its only one in upper case. */
export function lowerPairs(text: string): string {
  return text.replace(beyondAscii, (letter) => {
    const small = letter.toLowerCase();
    return small.length === letter.length && small.toUpperCase() === letter ? small : letter;
  });
}

const beyondAscii = /[^\u0000-\u007f]/gu;
const hasOther = /[^\u0000-\u007f]/;
