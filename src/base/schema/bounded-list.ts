import * as z from './schema';

/** The default limit of a list, more than any list that Postern reads. */
export const maxListEntries = 5_000;
/** The limit of a list inside the entries of another one, so that both together stay bounded. */
export const maxNestedEntries = 100;

/**
 * Parses an external list. A list that is too long is refused before its entries are parsed, and parsing
 * stops at the first bad entry: 8 MiB hold four million entries, and reporting each would block the process
 * for minutes.
 */
export function boundedList<T extends z.ZodMiniType>(entry: T, maxEntries = maxListEntries) {
  return z.pipe(
    anyList(maxEntries),
    z.transform((items, context): z.output<T>[] => {
      const entries: z.output<T>[] = [];
      for (const [index, item] of items.entries()) {
        const parsed = entry.safeParse(item);
        if (!parsed.success) {
          const [first] = parsed.error.issues;
          return z.refuse(context, first?.message, [index, ...(first?.path ?? [])]);
        }
        entries.push(parsed.data);
      }
      return entries;
    }),
  );
}

/** Checks that a value is a list of at most `maxEntries` entries, whatever they are. */
export function anyList(maxEntries = maxListEntries) {
  return z.custom<readonly unknown[]>((value) => Array.isArray(value) && value.length <= maxEntries, {
    error: ({ input }) =>
      Array.isArray(input)
        ? `Too big: expected a list of at most ${maxEntries} entries, but it has ${input.length}`
        : 'Invalid input: expected a list',
  });
}
