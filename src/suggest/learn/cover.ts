/** A set of cells: one bit each, 32 in a word. */
export type Cover = Uint32Array;

/** Creates an empty set for a number of cells. */
export function emptyCover(cells: number): Cover {
  return new Uint32Array(Math.ceil(cells / 32));
}

/** Adds a cell to a set. */
export function addTo(cover: Cover, cell: number): void {
  const word = cell >>> 5;
  cover[word] = ((cover[word] ?? 0) | (1 << (cell & 31))) >>> 0;
}

/** Tells whether a set has a cell. */
export function hasCell(cover: Cover, cell: number): boolean {
  return (((cover[cell >>> 5] ?? 0) >>> (cell & 31)) & 1) === 1;
}

/** Calls a function for each cell of a set, in ascending order. */
export function forEachCell(cover: Cover, visit: (cell: number) => void): void {
  for (let word = 0; word < cover.length; word++) {
    let bits = cover[word] ?? 0;
    while (bits !== 0) {
      const lowest = bits & -bits;
      visit(word * 32 + 31 - Math.clz32(lowest));
      bits = (bits ^ lowest) >>> 0;
    }
  }
}

/** Returns the cells that are in some of the sets. */
export function unionOf(covers: readonly Cover[], cells: number): Cover {
  const union = emptyCover(cells);
  for (const cover of covers)
    for (let word = 0; word < union.length; word++)
      union[word] = ((union[word] ?? 0) | (cover[word] ?? 0)) >>> 0;
  return union;
}
