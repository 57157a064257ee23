// Stands in for `src/worker/heap-growth.ts` in the bundle of the explorer, which needs its speed more than its
// memory.
export function createSmallHeap(): () => void {
  return () => undefined;
}
