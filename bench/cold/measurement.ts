/** What one fresh process is to load. */
export interface ColdOrder {
  readonly appDirectory: string;
  /** URLs of files, or names of packages. */
  readonly onDemand: readonly string[];
}

export interface ColdMeasurement {
  /** Resident memory of the worker without any app, in MiB. */
  readonly before: number;
  /** Until every function is registered. */
  readonly entry: Stage;
  /** The first invocation: it composes the app, and asks nobody. */
  readonly invocation: Stage;
  /** Everything that the app loads only when it needs it. */
  readonly rest: Stage;
}

export interface Stage {
  readonly milliseconds: number;
  /** Of processor time, all threads of the process together: what other programs leave alone. */
  readonly processorMilliseconds: number;
  /** Resident memory at its end. */
  readonly residentMiB: number;
}
