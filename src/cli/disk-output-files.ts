import { type FileHandle, link, open, rename, rm, stat } from 'node:fs/promises';
import { describeError } from '../base/errors';
import { CliError } from './cli-host';
import { existsError, type OutputFiles } from './output-files';

/** About how many characters are written at once. */
const batch = 256 * 1024;

/**
 * Files on disk. A file is written under another name in the same folder first, and then takes its own name in one step,
 * which fails if another file has it and must stay.
 */
export const diskOutputFiles: OutputFiles = {
  async exists(path) {
    try {
      await stat(path);
      return true;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw unwritable(path, error);
    }
  },
  async write(path, pieces, { replace }) {
    const draft = `${path}.partial`;
    try {
      await writeDraft(draft, pieces);
      await (replace ? rename(draft, path) : link(draft, path));
    } catch (error) {
      throw unwritable(path, error);
    } finally {
      await rm(draft, { force: true });
    }
  },
};

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

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function unwritable(path: string, error: unknown): CliError {
  switch (codeOf(error)) {
    case 'EEXIST':
      return existsError(path);
    case 'ENOENT':
    case 'ENOTDIR':
      return new CliError(`cannot write ${path}: there is no such folder; create it, or choose another path`);
    case 'EISDIR':
      return new CliError(`cannot write ${path}: it is a folder; choose another path`);
    default:
      return new CliError(`cannot write ${path}: ${describeError(error)}`);
  }
}
