import type { Clock } from '../base/clock';
import type { PolicyFile } from '../policy/policy';
import type { ItemsFrom } from './formats/findings';
import type { ParseArgsConfig } from 'node:util';

/** Access to the machine that a tool runs on: clock, output and files. Files are only read. */
export interface CliHost {
  readonly clock: Clock;
  /** Writes to the standard output. Resolves when the stream can take more. */
  write(text: string): Promise<void>;
  /** Writes to the standard error. Resolves when the stream can take more. */
  writeError(text: string): Promise<void>;
  /**
   * Reads the files of a policy: a file or a folder, on disk or at an https URL.
   * @throws PosternError POLICY_INVALID
   */
  readPolicy(path: string): Promise<readonly PolicyFile[]>;
  /**
   * Reads the test cases beside a policy on disk, or at `path` itself if it is a case file. Names
   * are relative to the current folder.
   * @throws CliError
   */
  readCases(path: string): Promise<readonly PolicyFile[]>;
  /** Reads a whole file. @throws CliError if it cannot be read or is larger than a mebibyte. */
  readText(path: string): Promise<string>;
  /**
   * Reads a file of any length line by line, or the standard input if the path is `-`.
   * @throws CliError if it cannot be read.
   */
  readLines(path: string): AsyncIterable<string>;
  /**
   * Shows how far a tool has come, in a line that the next call replaces and `''` removes. Absent if nobody watches: the
   * standard error is not a terminal.
   */
  readonly showProgress?: ((line: string) => Promise<void>) | undefined;
}

/**
 * Exit code of a tool. 0: success; 1: something was found; 2: wrong usage, or the tool could not do
 * its work. `wait` also uses 3 (rejected), 4 (held), 5 (no answer in time) and 6 (gone).
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** The options of a tool, by name: the only declaration, from which parsing, completion and hints come. */
export type ToolOptions = NonNullable<ParseArgsConfig['options']>;

/** One tool. `Ports` are the parts of the host that it needs besides `CliHost`. */
export interface Command<Ports = unknown> {
  /** One line for the list of tools. */
  readonly summary: string;
  /** Its options besides `--help`, which the help text describes in the same words. */
  readonly options: ToolOptions;
  /** Reads what was checked out of the JSON output, for reports; absent if the tool checks nothing. */
  readonly items?: ItemsFrom | undefined;
  /** Text that `--help` prints; its first line begins with `Usage:`. */
  readonly help: string;
  /**
   * Runs the tool with the arguments after its name.
   * @throws CliError or PosternError. Each of them leads to exit code 2.
   */
  readonly run: (args: readonly string[], host: CliHost & Ports) => Promise<ExitCode>;
}

/** Error for wrong usage, or for work that a tool cannot do. The message is printed to the user. */
export class CliError extends Error {}

/** Error for arguments that a tool does not take; the message is followed by where its usage is explained. */
export class WrongUsage extends CliError {}
