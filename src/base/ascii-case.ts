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
