import { type FileHandle, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { describeError } from '../../base/errors';
import { CliError } from '../cli-host';
import type { ReportFiles } from './report-host';

/** About how many characters are written at once. */
const batch = 256 * 1024;

/** Files on disk. A file is written under another name in the same folder first, then takes its own. */
export const diskFiles: ReportFiles = {
  async exists(path) {
    try {
      await stat(path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw unwritable(path, error);
    }
  },
  async write(path, pieces) {
    const draft = `${path}.partial`;
    try {
      await writeDraft(draft, pieces);
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw unwritable(path, error);
    }
  },
};

/** Reads the page that the build has made. @throws CliError if there is none */
export async function readReportPage(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new CliError(
      `cannot read the page of reports, ${path}: ${describeError(error)}. Run npm run build`,
    );
  }
}

async function writeDraft(draft: string, pieces: Iterable<string>): Promise<void> {
  const file = await open(draft, 'w');
  try {
    await writeAll(file, pieces);
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, pieces: Iterable<string>): Promise<void> {
  let held: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    held.push(piece);
    length += piece.length;
    if (length < batch) continue;
    await file.write(held.join(''));
    [held, length] = [[], 0];
  }
  await file.write(held.join(''));
}

function unwritable(path: string, error: unknown): CliError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new CliError(`cannot write ${path}: there is no such folder; create it, or choose another --out`);
  if (code === 'EISDIR') return new CliError(`cannot write ${path}: it is a folder; choose another --out`);
  return new CliError(`cannot write ${path}: ${describeError(error)}`);
}
