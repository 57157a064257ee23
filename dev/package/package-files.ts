import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { createDiskPolicyReader } from '../../src/policy/source/disk-policy-reader';
import { bundledPackages } from './bundled-packages';
import { leanSourceMap } from './lean-source-map';
import { licensesOf } from './licenses';
import { requireSelfContained } from './self-contained';
import type { PackageFiles } from './zip';

const app = 'dist/app';
/** The page of the console, as the build has made and compressed it. */
const page = 'dist/console';

/**
 * Returns all files to deploy, from the project in `root` after a build. Only files named here are included.
 * @throws PackageError if the bundle is not self-contained, or a license is not acceptable.
 */
export async function packageFiles(root: string): Promise<PackageFiles> {
  const [ofApp, ofPage] = await Promise.all([metafileOf(root, app), metafileOf(root, page)]);
  requireSelfContained(ofApp);
  const read = (path: string): Promise<Uint8Array> => readFile(join(root, path));
  const outputs = { ...ofApp.outputs, ...ofPage.outputs };
  const licenses = await licensesOf(await bundledPackages({ outputs }, root));
  return new Map([
    ['host.json', await read('host.json')],
    ['package.json', encode(packageJson(await readFile(join(root, 'package.json'), 'utf8')))],
    ['LICENSE', await read('LICENSE')],
    ['THIRD-PARTY-LICENSES', encode(licenses)],
    ...(await filesBelow(root, app)),
    ...(await filesBelow(root, page)),
    ...(await policyFiles(root)),
  ]);
}

/**
 * Returns the package.json to deploy. It has no scripts and no dependencies, so that nothing is installed or
 * built in Azure.
 */
export function packageJson(text: string): string {
  const { name, version, license, engines, type, main } = JSON.parse(text) as Record<string, unknown>;
  return `${JSON.stringify({ name, version, private: true, license, engines, type, main }, undefined, 2)}\n`;
}

/** Reads what the build wrote about a bundle: the files that it is made of. */
async function metafileOf(root: string, folder: string): Promise<Metafile> {
  return JSON.parse(await readFile(join(root, `${folder}.meta.json`), 'utf8')) as Metafile;
}

async function filesBelow(root: string, folder: string): Promise<[string, Uint8Array][]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.map(async (path): Promise<[string, Uint8Array]> => {
      const bytes = await readFile(path);
      const lean = path.endsWith('.map') ? encode(leanSourceMap(bytes.toString())) : bytes;
      return [path.slice(root.length + 1).replaceAll('\\', '/'), lean];
    }),
  );
}

/** Returns the policy files that the app reads, without test cases. */
async function policyFiles(root: string): Promise<[string, Uint8Array][]> {
  const files = await createDiskPolicyReader(join(root, 'policies')).read();
  return files.map(({ path, text }) => [`policies/${path}`, encode(text)]);
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
