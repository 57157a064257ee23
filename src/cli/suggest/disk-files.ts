import { link, rename, rm, stat, writeFile } from 'node:fs/promises';
import { describeError } from '../../base/errors';
import { CliError } from '../cli-host';
import type { SuggestionFiles } from './suggestion-files';

/**
 * Files on disk. A file is written under another name in the same folder first, and then takes its own name in one step,
 * which fails if another file has it and must stay.
 */
export const diskSuggestionFiles: SuggestionFiles = {
  async exists(path) {
    try {
      await stat(path);
      return true;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw unwritable(path, error);
    }
  },
  async write(path, text, { replace }) {
    const draft = `${path}.partial`;
    try {
      await writeFile(draft, text);
      await (replace ? rename(draft, path) : link(draft, path));
    } catch (error) {
      throw unwritable(path, error);
    } finally {
      await rm(draft, { force: true });
    }
  },
};

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function unwritable(path: string, error: unknown): CliError {
  switch (codeOf(error)) {
    case 'EEXIST':
      return new CliError(`${path} exists: choose another path, or replace it with --replace`);
    case 'ENOENT':
    case 'ENOTDIR':
      return new CliError(`cannot write ${path}: there is no such folder; create it, or choose another path`);
    case 'EISDIR':
      return new CliError(`cannot write ${path}: it is a folder; choose another path`);
    default:
      return new CliError(`cannot write ${path}: ${describeError(error)}`);
  }
}
