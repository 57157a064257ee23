import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PosternError } from '../../base/errors';
import { fileProblem } from './file-problem';
import type { PolicyReader } from './policy-reader';
import { filesToRead, type FoundFile, isFound, readFound } from './found-files';

interface FileEntry extends FoundFile {
  readonly location: string;
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
    read: async () => readFound(await list(path), ({ location }) => readFile(location)),
  };
}

async function list(root: string): Promise<readonly FileEntry[]> {
  try {
    const { isFolder, ...file } = await describe(root, basename(root));
    if (!isFolder) return [file];
    return filesToRead(await listFolder(root, ''));
  } catch (error) {
    if (error instanceof PosternError) throw error;
    throw new PosternError('POLICY_INVALID', `the policy cannot be read: ${root}: ${fileProblem(error)}`, {
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
    else if (isFound(name)) entries.push(file);
  }
  return entries;
}

async function describe(location: string, path: string): Promise<FileEntry & { isFolder: boolean }> {
  const stats = await stat(location);
  const stamp = `${stats.mtimeMs} ${stats.ctimeMs} ${stats.ino}`;
  return { path, location, size: stats.size, stamp, isFolder: stats.isDirectory() };
}
