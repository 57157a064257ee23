import * as z from 'zod';

/** More than any list that Postern reads has. */
export const maxListEntries = 5_000;
/** For a list inside the entries of another one: what both hold together is bounded, too. */
export const maxNestedEntries = 100;

/**
 * Parses a list of somebody else's. One that is too long is refused before its entries are looked at, and the first wrong
 * entry ends it: 8 MiB hold four million of them, and telling of each would take minutes in which nothing else runs.
 */
export function boundedList<T extends z.ZodType>(entry: T, maxEntries = maxListEntries) {
  return anyList(maxEntries).transform((items, context): z.output<T>[] => {
    const entries: z.output<T>[] = [];
    for (const [index, item] of items.entries()) {
      const parsed = entry.safeParse(item);
      if (!parsed.success) {
        const [first] = parsed.error.issues;
        context.addIssue({ code: 'custom', message: first?.message, path: [index, ...(first?.path ?? [])] });
        return z.NEVER;
      }
      entries.push(parsed.data);
    }
    return entries;
  });
}

/** Takes a list for what it is by its length alone; nothing is known of its entries. */
export function anyList(maxEntries = maxListEntries) {
  return z.custom<readonly unknown[]>((value) => Array.isArray(value) && value.length <= maxEntries, {
    error: ({ input }) =>
      Array.isArray(input)
        ? `Too big: expected a list of at most ${maxEntries} entries, but it has ${input.length}`
        : 'Invalid input: expected a list',
  });
}
