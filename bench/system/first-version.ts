import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { demonstrationPolicy, type AppBuild } from './app-build';

/** Version 0.1.0, with which the benches compare. */
export const firstVersion = { name: 'Postern 0.1.0', commit: '35b1bcd4c80132e30c376e1fc8c571c734846d9c' };

const run = promisify(execFile);

/**
 * Builds version 0.1.0 from the repository's history, once: later calls find it below node_modules/.cache.
 * Resolves to `undefined` where the history does not have it, and logs why.
 */
export async function buildFirstVersion(
  root: string,
  log: (line: string) => void,
): Promise<AppBuild | undefined> {
  const { name, commit } = firstVersion;
  const reason = await whyMissing(root, commit);
  if (reason !== undefined) {
    log(`${name} is left out: ${reason}`);
    return undefined;
  }
  const directory = join(root, 'node_modules/.cache/postern', commit.slice(0, 7));
  if (!existsSync(directory)) {
    log(`building ${name}`);
    await buildInto(directory, { root, commit, log });
  }
  return { name, directory, policyPath: demonstrationPolicy(directory) };
}

/** Resolves to why the history of the repository at `root` does not have the commit; `undefined` if it does. */
export async function whyMissing(root: string, commit: string): Promise<string | undefined> {
  try {
    await run('git', ['cat-file', '-e', `${commit}^{commit}`], { cwd: root });
    return undefined;
  } catch {
    return `there is no commit ${commit.slice(0, 7)} here. In a shallow clone, run: git fetch --unshallow`;
  }
}

interface BuildOrder {
  readonly root: string;
  readonly commit: string;
  readonly log: (line: string) => void;
}

/** Builds in a folder beside it, so that a build that was interrupted is never taken for one. */
async function buildInto(directory: string, { root, commit, log }: BuildOrder): Promise<void> {
  await mkdir(join(directory, '..'), { recursive: true });
  const folder = await mkdtemp(`${directory}-`);
  try {
    const archive = join(folder, 'source.tar');
    await run('git', ['archive', '--format=tar', `--output=${archive}`, commit], { cwd: root });
    await run('tar', ['-xf', archive, '-C', folder]);
    await rm(archive);
    await addPackages(folder, { root, log });
    await run(process.execPath, ['scripts/build.mjs'], { cwd: folder });
    await rename(folder, directory);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Takes the installed packages if they have the versions that the old app was made with, and installs them otherwise. */
async function addPackages(folder: string, { root, log }: Omit<BuildOrder, 'commit'>): Promise<void> {
  const { dependencies = {} } = await packageFile(folder);
  const installed = new Map<string, string>();
  for (const name of Object.keys(dependencies)) {
    const at = join(root, 'node_modules', name);
    if (existsSync(at)) installed.set(name, (await packageFile(at)).version);
  }
  const others = otherVersions(dependencies, installed);
  if (others.length === 0) return symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  log(`installing its packages, because of other versions here: ${others.join(', ')}`);
  await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder });
}

interface PackageFile {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

async function packageFile(folder: string): Promise<PackageFile> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as PackageFile;
}

/** Returns the packages that are missing, or installed in another version than the pinned one. */
export function otherVersions(
  pinned: Readonly<Record<string, string>>,
  installed: ReadonlyMap<string, string>,
): readonly string[] {
  return Object.entries(pinned).flatMap(([name, version]) => (installed.get(name) === version ? [] : [name]));
}
