import * as z from 'zod';

/** More than any list that Postern reads has. */
export const maxListEntries = 5_000;

/**
 * A list in a reply. One that is too long is refused before its entries are looked at: 8 MiB hold four million wrong
 * ones, and telling of each would take minutes in which nothing else runs.
 */
export function boundedList<T extends z.ZodType>(entry: T) {
  return z.array(z.unknown()).max(maxListEntries).pipe(z.array(entry));
}
