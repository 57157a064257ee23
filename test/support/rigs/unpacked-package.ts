import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { runNode } from '../repo/project';

export interface UnpackedPackage {
  /** The unpacked zip, in a folder with no node_modules folder above it. */
  readonly directory: string;
  /** The paths in the zip, in its order. */
  readonly paths: readonly string[];
  readonly zipFile: string;
  /** The printed line. */
  readonly output: string;
  remove(): Promise<void>;
}

/** Runs `npm run package` without its build, and unpacks the zip. */
export async function unpackPackage(environment: Record<string, string> = {}): Promise<UnpackedPackage> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'postern-package-')));
  const { code, stdout, stderr } = await runNode(['dist/dev/package.mjs', '--out', folder], environment);
  if (code !== 0) throw new Error(`There is no package: ${stderr}`);
  const zipFile = join(folder, 'postern.zip');
  const directory = join(folder, 'unpacked');
  const files = unzipSync(await readFile(zipFile));
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), bytes);
  }
  requireNoPackagesAbove(directory);
  const remove = (): Promise<void> => rm(folder, { recursive: true });
  return { directory, paths: Object.keys(files), zipFile, output: stdout.trim(), remove };
}

function requireNoPackagesAbove(folder: string): void {
  if (existsSync(join(folder, 'node_modules'))) throw new Error(`${folder} has packages`);
  if (dirname(folder) !== folder) requireNoPackagesAbove(dirname(folder));
}
