import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AssetFiles, AssetReader } from './assets';
import { assetPattern } from './assets';
import type { Encoding } from './encoding';

const endings: readonly (readonly [Encoding, string])[] = [
  ['identity', ''],
  ['br', '.br'],
  ['gzip', '.gz'],
];

/** Creates the reader of the folder that the build has filled: `index.html` and `assets`. */
export function createDiskAssets(folder: string): AssetReader {
  return {
    async read() {
      const names = (await readdir(join(folder, 'assets'))).map((name) => `assets/${name}`);
      const files = new Map<string, ReadonlyMap<Encoding, Uint8Array>>();
      files.set('', await variantsOf(folder, 'index.html', new Set(await readdir(folder))));
      for (const path of names.filter((name) => assetPattern.test(name)))
        files.set(path, await variantsOf(folder, path, new Set(names)));
      return files satisfies AssetFiles;
    },
  };
}

async function variantsOf(
  folder: string,
  path: string,
  existing: ReadonlySet<string>,
): Promise<ReadonlyMap<Encoding, Uint8Array>> {
  const variants = new Map<Encoding, Uint8Array>();
  for (const [encoding, ending] of endings) {
    const name = `${path}${ending}`;
    if (existing.has(name)) variants.set(encoding, await readFile(join(folder, name)));
  }
  return variants;
}
