/** Compares two texts by their UTF-16 units, for `sort`: negative, zero or positive, the same in every locale. */
export function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
