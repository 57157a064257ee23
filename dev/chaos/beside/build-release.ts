import { execFile, spawnSync } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const most = { maxBuffer: 256 * 1024 * 1024 } as const;

/** Tells whether a clone has a commit: one that was cloned with `--depth` has only the last ones. */
export function hasCommit(root: string, commit: string): boolean {
  return (
    spawnSync('git', ['cat-file', '-e', `${commit}^{commit}`], { cwd: root, stdio: 'ignore' }).status === 0
  );
}

/**
 * Builds the app of an earlier commit in an empty folder, with the packages that are installed here. Resolves to the
 * app's folder, as the Functions host takes it.
 * @throws Error if the clone lacks the commit, or the commit cannot be built with these packages.
 */
export async function buildRelease(root: string, commit: string, folder: string): Promise<string> {
  if (!hasCommit(root, commit))
    throw new Error(`This clone has no commit ${commit}: fetch it with git fetch --unshallow`);
  await mkdir(folder, { recursive: true });
  const archive = join(folder, 'release.tar');
  await run('git', ['archive', '--output', archive, commit], { cwd: root, ...most });
  await run('tar', ['-xf', archive, '-C', folder], most);
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await run(process.execPath, ['scripts/build.mjs'], { cwd: folder, ...most });
  return folder;
}
