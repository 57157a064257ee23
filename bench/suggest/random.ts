/** A source of chance that gives the same for the same seed. */
export interface Random {
  /** Returns a whole number from 0 to below `count`. */
  below(count: number): number;
  /** Returns one of the items. */
  pick<Item>(items: readonly Item[]): Item;
  /** Returns one of the items; earlier ones are more frequent, as in estates. */
  pickEarly<Item>(items: readonly Item[]): Item;
  /** Returns whether something of this probability happens. */
  happens(probability: number): boolean;
  /** Returns `count` distinct items, or all if there are fewer. */
  some<Item>(items: readonly Item[], count: number): readonly Item[];
}

/** Creates a source of chance (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (count: number): number => Math.floor(next() * count);
  return {
    below,
    pick: (items) => items[below(items.length)]!,
    pickEarly: (items) => items[Math.floor(next() ** 1.7 * items.length)]!,
    happens: (probability) => next() < probability,
    some: (items, count) => {
      const left = [...items];
      return Array.from(
        { length: Math.min(count, left.length) },
        () => left.splice(below(left.length), 1)[0]!,
      );
    },
  };
}
