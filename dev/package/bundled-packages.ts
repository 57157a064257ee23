import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Metafile } from 'esbuild';

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** The license in its package.json; absent if there is none. */
  readonly license: string | undefined;
  /** An absolute path. */
  readonly folder: string;
}

type BundledFiles = Pick<Metafile, 'outputs'>;

/** Returns the packages with at least one byte in the bundle, one per name and version, sorted. */
export async function bundledPackages(metafile: BundledFiles, root: string): Promise<BundledPackage[]> {
  const folders = new Set(bundledFiles(metafile).filter(isOfPackage).map(dirname));
  const found = new Map<string, BundledPackage>();
  for (const folder of folders) {
    const owner = await packageOf(join(root, folder));
    found.set(`${owner.name}@${owner.version}`, owner);
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, owner]) => owner);
}

function bundledFiles({ outputs }: BundledFiles): string[] {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
}

export function isOfPackage(file: string): boolean {
  return /(^|\/)node_modules\//.test(file);
}

/**
 * Returns the nearest folder above whose package.json has a name and a version. Packages have nameless
 * package.json files in subfolders.
 */
async function packageOf(folder: string): Promise<BundledPackage> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}');
  const { name, version, license } = JSON.parse(text) as Record<string, unknown>;
  if (typeof name === 'string' && typeof version === 'string') {
    return { name, version, folder, license: typeof license === 'string' ? license : undefined };
  }
  const above = dirname(folder);
  if (above === folder) throw new Error('A bundled file does not belong to a package');
  return packageOf(above);
}
