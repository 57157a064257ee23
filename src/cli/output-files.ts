import { CliError } from './cli-host';

/** The files that tools write. */
export interface OutputFiles {
  /** Returns whether there is something at a path. @throws CliError if that cannot be told */
  exists(path: string): Promise<boolean>;
  /**
   * Writes a file whole or not at all. Replaces one that is there only if `replace` is set.
   * @throws CliError if it cannot be written, or if there is one that must stay
   */
  write(path: string, pieces: Iterable<string>, options: { readonly replace: boolean }): Promise<void>;
}

/** The part of the host that tools need if they write files. */
export interface OutputHost {
  readonly outputFiles: OutputFiles;
}

/** Refuses to replace files that are there. @throws CliError */
export async function requireNew({ outputFiles }: OutputHost, paths: readonly string[]): Promise<void> {
  for (const path of paths) if (await outputFiles.exists(path)) throw existsError(path);
}

/** Returns the error for a file that is there and must stay. */
export function existsError(path: string): CliError {
  return new CliError(`${path} exists: choose another path, or replace it with --replace`);
}
