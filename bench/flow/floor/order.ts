import type { Trace } from '../step';

export interface FloorOrder {
  readonly connectionString: string;
  readonly armUrl: string;
  readonly token: string;
  readonly trace: Trace;
  /** The numbers of the connections. */
  readonly indices: readonly number[];
}

/** Messages of the child. It reports that it is ready and starts on command. */
export type FloorMessage = { readonly kind: 'ready' } | FloorResult;

export interface FloorResult {
  readonly kind: 'settled';
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  /** One time per connection, in milliseconds since 1970. */
  readonly endedMs: readonly number[];
  /** The number of reads of the queues that found messages. */
  readonly receives: number;
}
