import { describeError, PosternError } from '../../base/errors';
import { isExpectedPath, isPolicyPath } from '../file/policy-files';
import { policyLimits } from '../file/policy-limits';
import type { PolicyFile } from '../policy-file';

/** A file that a folder of policies lists. */
export interface FoundFile {
  /** Relative to the policy folder, with `/`. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
}

const mostFiles = 200;
const mostExpectedFiles = 1_000;

/** Returns whether a file of a policy folder is read: the policy itself, and what is expected. */
export function isFound(path: string): boolean {
  return isPolicyPath(path) || isExpectedPath(path);
}

/**
 * Returns the files to read, in order. Of too many files of expected requests, only the first are read, and one more
 * that `readFound` reports.
 * @throws PosternError POLICY_INVALID if there are too many files of the policy itself.
 */
export function filesToRead<File extends FoundFile>(found: readonly File[]): readonly File[] {
  const expected = found.filter(({ path }) => isExpectedPath(path));
  if (found.length - expected.length > mostFiles)
    throw new PosternError(
      'POLICY_INVALID',
      `the policy folder has more than ${mostFiles} files: merge some`,
    );
  const left = new Set(expected.slice(mostExpectedFiles + 1));
  return left.size === 0 ? found : found.filter((file) => !left.has(file));
}

/**
 * Reads found files as UTF-8 text. What cannot be read of expected requests is returned as unreadable: whoever
 * announces a request cannot stop the policy.
 * @throws PosternError POLICY_INVALID
 */
export async function readFound<File extends FoundFile>(
  found: readonly File[],
  bytesOf: (file: File) => Promise<Uint8Array>,
): Promise<readonly PolicyFile[]> {
  const over = found.filter(({ path }) => isExpectedPath(path))[mostExpectedFiles];
  return Promise.all(
    found.map(async (file): Promise<PolicyFile> => {
      if (!isExpectedPath(file.path)) return readFile(file, bytesOf);
      if (file === over) return unreadable(file, tooMany);
      try {
        return await readFile(file, bytesOf);
      } catch (error) {
        return unreadable(file, describeError(error));
      }
    }),
  );
}

const tooMany = `there are more than ${mostExpectedFiles} files of expected requests, and this one and those after it are not read: remove those that are over`;

function unreadable({ path }: FoundFile, why: string): PolicyFile {
  return { path, text: '', unreadable: why };
}

async function readFile<File extends FoundFile>(
  file: File,
  bytesOf: (file: File) => Promise<Uint8Array>,
): Promise<PolicyFile> {
  const { path, size } = file;
  const invalid = (message: string, cause?: unknown): PosternError =>
    new PosternError('POLICY_INVALID', message, { cause });
  if (size > policyLimits.fileBytes)
    throw invalid(`${path} is larger than ${policyLimits.fileBytes / 1024} KiB: split it`);
  const bytes = await bytesOf(file).catch((error: unknown) => {
    throw error instanceof PosternError
      ? error
      : invalid(`${path} cannot be read: ${describeError(error)}`, error);
  });
  try {
    return { path, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    throw invalid(`${path} is not UTF-8 text: save it as UTF-8`, error);
  }
}
