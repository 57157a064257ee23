import { zipSync } from 'fflate';

/** By path, with `/`. */
export type PackageFiles = ReadonlyMap<string, Uint8Array>;

/** Zip times have no zone, and are written from the local one: this is the same everywhere. */
const mtime = new Date(1980, 0, 1);
const unix = 3;
const readableFile = (0o100644 << 16) >>> 0;

/** The same bytes for the same files, whatever their order, the day and the time zone. */
export function zipOf(files: PackageFiles): Uint8Array {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return zipSync(Object.fromEntries(sorted), { level: 9, mtime, os: unix, attrs: readableFile });
}
