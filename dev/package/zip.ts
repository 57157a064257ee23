import { zipSync } from 'fflate';

/** Files by path, with `/`. */
export type PackageFiles = ReadonlyMap<string, Uint8Array>;

/** Zip times are local times without a zone, so this one gives the same bytes everywhere. */
const mtime = new Date(1980, 0, 1);
const unix = 3;
const readableFile = (0o100644 << 16) >>> 0;

/** Returns the same bytes for the same files, regardless of their order, the date and the time zone. */
export function zipOf(files: PackageFiles): Uint8Array {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return zipSync(Object.fromEntries(sorted), { level: 9, mtime, os: unix, attrs: readableFile });
}
