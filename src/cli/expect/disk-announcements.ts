import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError } from '../../base/errors';
import { isExpectedPath } from '../../policy/file/policy-files';
import { CliError } from '../cli-host';
import type { AnnouncementFolder } from './announcement-folder';

/** Opens the folder of a policy on disk. @throws CliError if it is none. */
export async function openDiskAnnouncements(path: string): Promise<AnnouncementFolder> {
  const isFolder = await failing(`cannot open ${path}`, async () => (await stat(path)).isDirectory());
  if (!isFolder) throw new CliError(`${path} is a file: announcements lie in the folder of a policy`);
  return {
    names: () => failing(`cannot list ${path}`, async () => (await readdir(path)).filter(isExpectedPath)),
    create: (name, text) =>
      failing(`cannot write ${join(path, name)}`, async () => {
        try {
          await writeFile(join(path, name), text, { flag: 'wx' });
          return true;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
          throw error;
        }
      }),
    remove: (name) =>
      failing(`cannot remove ${join(path, name)}`, () => rm(join(path, name), { force: true })),
  };
}

async function failing<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new CliError(`${what}: ${describeError(error)}`);
  }
}
