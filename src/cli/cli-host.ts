import type { Clock } from '../base/clock';
import type { Environment } from '../config/config';
import type { ConnectionStore, ResourceReader } from '../connections/connection-store';
import type { PolicyFile } from '../policy/policy';
import type { ConnectionFinder } from '../review/sweep/connection-finder';
import type { LiftPorts } from '../review/limits/lift-limit';
import type { RequestRetryPorts } from '../review/queue/request-retry';
import type { DoctorSources } from './doctor/sources';
import type { Watch, Watched } from './wait/watch';

/** What the tools need of the machine they run on. Files are read, output is written, nothing else is touched. */
export interface CliHost {
  readonly clock: Clock;
  /** Resolves when there is room for more. */
  write(text: string): Promise<void>;
  writeError(text: string): Promise<void>;
  /** The files of a policy: one file, or a folder's, on disk or at an https URL. @throws PosternError POLICY_INVALID */
  readPolicy(path: string): Promise<readonly PolicyFile[]>;
  /**
   * Test cases beside a policy on disk, or those at `path` itself when it is one; names are relative to the present folder.
   * @throws CliError
   */
  readCases(path: string): Promise<readonly PolicyFile[]>;
  /** A whole file. @throws CliError when it cannot be read, or is larger than a mebibyte. */
  readText(path: string): Promise<string>;
  /** A file line by line, whatever its length. @throws CliError when it cannot be read. */
  readLines(path: string): AsyncIterable<string>;
  /** The tenant; connects at the first question. @throws PosternError CONFIG_INVALID */
  live(): LiveAzure;
  /** What a running Postern keeps in its storage account; connects at the first question. @throws PosternError CONFIG_INVALID */
  deployment(): Deployment;
  /** What doctor reads of a deployment; `settings` go over those of the environment. Connects at the first question. */
  doctorSources(settings: Environment): DoctorSources;
  /** What wait looks at; connects at the first look. @throws PosternError CONFIG_INVALID */
  watch(watched: Watched): Watch;
}

/** A running Postern, as its operators may touch it: through its own use cases, never ARM. */
export interface Deployment extends LiftPorts, RequestRetryPorts {
  /** Who sits at the keyboard, for the audit. */
  readonly person: string;
}

/** The tenant, to be read only. */
export interface LiveAzure {
  readonly connections: ConnectionStore;
  readonly resources: ResourceReader;
  readonly finder: ConnectionFinder;
}

/**
 * 0: well; 1: something was found; 2: the tool could not be used like that, or could not do its work. The others are those of
 * wait: 3 rejected, 4 held, 5 no answer in time, 6 gone.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6;

export interface Command {
  /** One line for the overview. */
  readonly summary: string;
  /** The whole help, `Usage:` line first. */
  readonly help: string;
  /** @throws CliError, PosternError, or what `parseArgs` throws: all of them end with exit code 2. */
  run(args: readonly string[], host: CliHost): Promise<ExitCode>;
}

/** The tool cannot do what was asked; the message is for people. */
export class CliError extends Error {}
