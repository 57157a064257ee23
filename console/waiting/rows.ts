/** What a newer list has changed while its rows stay where they are. Keys name rows. */
export interface Changes {
  /** How many rows the newer list has that are not shown. */
  readonly fresh: number;
  /** The shown rows that the newer list lacks. */
  readonly gone: ReadonlySet<string>;
}

/** Compares the shown rows with a newer list. */
export function changesBetween(shown: readonly string[], newer: readonly string[]): Changes {
  const before = new Set(shown);
  const now = new Set(newer);
  return {
    fresh: [...now].filter((key) => !before.has(key)).length,
    gone: new Set([...before].filter((key) => !now.has(key))),
  };
}

/** Returns the shown rows in their order, each with its newest content. */
export function refreshed<T>(
  shown: readonly T[],
  newer: readonly T[],
  keyOf: (row: T) => string,
): readonly T[] {
  const newest = new Map(newer.map((row) => [keyOf(row), row]));
  return shown.map((row) => newest.get(keyOf(row)) ?? row);
}

/** Says what has changed: `2 new, 1 gone`. Returns undefined if nothing has. */
export function changesInWords({ fresh, gone }: Changes): string | undefined {
  const parts = [fresh > 0 ? `${fresh} new` : '', gone.size > 0 ? `${gone.size} gone` : ''];
  const words = parts.filter((part) => part !== '').join(', ');
  return words === '' ? undefined : words;
}

/** Returns the rows whose texts contain every word of the filter; the case of letters is ignored. */
export function filtered<T>(
  rows: readonly T[],
  filter: string,
  textsOf: (row: T) => readonly (string | undefined)[],
): readonly T[] {
  const words = filter.toLowerCase().split(/\s+/);
  return rows.filter((row) => {
    const text = textsOf(row).join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
