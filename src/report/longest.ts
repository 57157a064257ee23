/** The longest texts of a row, in UTF-16 units. */
export const longest = { id: 2_048, text: 1_024, name: 256, entries: 20 } as const;
