/** ASCII letters only: full Unicode folding would make other letters equal to ASCII ones (the Kelvin sign to `k`). */
export function lower(text: string): string {
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text;
}

/** The other way round, also for ASCII letters only. */
export function upper(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}
