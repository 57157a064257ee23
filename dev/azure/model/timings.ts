/** Durations of a target type, in seconds of the local clock. */
export interface Timings {
  readonly approveSeconds: number;
  readonly rejectSeconds: number;
  readonly deleteSeconds: number;
  /** The time after which a hidden approval shows `Updating`. Absent: never. */
  readonly updatingAfterSeconds?: number | undefined;
  /** How long the target refuses writes after its connection has changed. */
  readonly lockSeconds: number;
  /** The value of `Retry-After`. Absent: the header is not sent. */
  readonly retryAfterSeconds?: number | undefined;
}

export type TimingOverrides = Readonly<Record<string, Partial<Timings>>>;
