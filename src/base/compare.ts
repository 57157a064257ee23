/**
 * Lowers ASCII letters only: full Unicode folding would make other letters equal to ASCII ones (the Kelvin
 * sign to `k`).
 */
export function lower(text: string): string {
  const folded = text.toLowerCase();
  if (folded === text || !beyondAscii.test(text)) return folded;
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Raises ASCII letters only. */
export function upper(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

const beyondAscii = /[^\u0000-\u007f]/;
/** Compares two texts by their UTF-16 units, for `sort`: negative, zero or positive, the same in every locale. */
export function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
