import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describeError, PosternError } from '../../base/errors';
import type { PolicyFile } from '../policy';
import type { PolicyReader } from './policy-reader';
import { policyLimits } from '../file/policy-limits';
import { isPolicyPath } from '../file/policy-files';

const maxFiles = 200;

interface FileEntry {
  /** Relative to the policy folder, with `/`. */
  readonly path: string;
  readonly location: string;
  readonly size: number;
  readonly stamp: string;
}

/**
 * Creates a reader of a policy file, or of a folder of `*.yaml` and `*.yml` files with its
 * subfolders. Names that start with a dot are ignored.
 */
export function createDiskPolicyReader(path: string): PolicyReader {
  return {
    version: async () =>
      (await list(path)).map(({ path: name, size, stamp }) => `${name} ${size} ${stamp}`).join('\n'),
    read: async () => Promise.all((await list(path)).map(readEntry)),
  };
}

async function list(root: string): Promise<FileEntry[]> {
  try {
    const { isFolder, ...file } = await describe(root, basename(root));
    if (!isFolder) return [file];
    return await listFolder(root, '');
  } catch (error) {
    if (error instanceof PosternError) throw error;
    throw new PosternError('POLICY_INVALID', `the policy cannot be read: ${describeError(error)}`, {
      cause: error,
    });
  }
}

async function listFolder(folder: string, prefix: string): Promise<FileEntry[]> {
  const entries: FileEntry[] = [];
  for (const name of (await readdir(folder)).sort()) {
    if (name.startsWith('.')) continue;
    const { isFolder, ...file } = await describe(join(folder, name), prefix + name);
    if (isFolder) entries.push(...(await listFolder(join(folder, name), `${prefix}${name}/`)));
    else if (isPolicyPath(name)) entries.push(file);
  }
  if (entries.length <= maxFiles) return entries;
  throw new PosternError('POLICY_INVALID', `the policy folder has more than ${maxFiles} files: merge some`);
}

async function describe(location: string, path: string): Promise<FileEntry & { isFolder: boolean }> {
  const stats = await stat(location);
  const stamp = `${stats.mtimeMs} ${stats.ctimeMs} ${stats.ino}`;
  return { path, location, size: stats.size, stamp, isFolder: stats.isDirectory() };
}

async function readEntry({ path, location, size }: FileEntry): Promise<PolicyFile> {
  if (size > policyLimits.fileBytes) {
    throw new PosternError(
      'POLICY_INVALID',
      `${path} is larger than ${policyLimits.fileBytes / 1024} KiB: split it`,
    );
  }
  const bytes = await readFile(location).catch((error: unknown) => {
    throw new PosternError('POLICY_INVALID', `${path} cannot be read: ${describeError(error)}`, {
      cause: error,
    });
  });
  try {
    return { path, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    throw new PosternError('POLICY_INVALID', `${path} is not UTF-8 text: save it as UTF-8`, { cause: error });
  }
}
