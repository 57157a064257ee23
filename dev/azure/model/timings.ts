/** In seconds of the local clock. */
export interface Timings {
  readonly approveSeconds: number;
  readonly rejectSeconds: number;
  readonly deleteSeconds: number;
  /** When an approval that hides shows `Updating`; never, when absent. */
  readonly updatingAfterSeconds?: number | undefined;
  /** How long the target refuses writes after its connection has changed. */
  readonly lockSeconds: number;
  /** What `Retry-After` asks for; absent: the header is not sent. */
  readonly retryAfterSeconds?: number | undefined;
}

export type TimingOverrides = Readonly<Record<string, Partial<Timings>>>;
