// Stands in for `src/worker/source-maps.ts` in the bundle of the explorer: reading files takes real time, which
// no world may notice.
export function showSources(): Promise<void> {
  return Promise.resolve();
}
