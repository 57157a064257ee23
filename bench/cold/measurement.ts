/** An app to load in one fresh process. */
export interface ColdOrder {
  /** `times`: measure. `files`: list what is loaded, with a debugger that would disturb the times. */
  readonly what: 'times' | 'files';
  readonly appDirectory: string;
  /** URLs of files, or names of packages. */
  readonly onDemand: readonly string[];
}

export interface ColdMeasurement {
  /** Resident memory of the worker without any app, in MiB. */
  readonly before: number;
  /** From the start until every function is registered. */
  readonly entry: Stage;
  /** The first invocation, which composes the app and makes no requests. */
  readonly invocation: Stage;
  /** Loading everything that the app loads on demand. */
  readonly rest: Stage;
}

export interface Stage {
  readonly milliseconds: number;
  /** Processor time of all threads of the process, which does not depend on other programs. */
  readonly processorMilliseconds: number;
  /** Resident memory at the end of the stage. */
  readonly residentMiB: number;
}

/** The files of the app that are loaded until the end of its first invocation, as URLs. */
export interface ColdFiles {
  readonly files: readonly string[];
}
