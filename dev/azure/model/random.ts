/** Seeded random numbers, so that a failed run can be repeated. */
export interface Random {
  /** Returns a number from 0 (included) to 1 (excluded). */
  next(): number;
  between(low: number, high: number): number;
  guid(): string;
  /** Returns lower-case hexadecimal digits. */
  hex(length: number): string;
}

/** Creates a generator (mulberry32). The same seed gives the same sequence. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  function hex(length: number): string {
    let text = '';
    for (let count = 0; count < length; count += 1)
      text += '0123456789abcdef'.charAt(Math.floor(next() * 16));
    return text;
  }

  return {
    next,
    hex,
    between: (low, high) => low + (high - low) * next(),
    guid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'[Math.floor(next() * 4)]}${hex(3)}-${hex(12)}`,
  };
}
