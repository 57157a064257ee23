import type { Trace } from '../step';

export interface FloorOrder {
  readonly connectionString: string;
  readonly armUrl: string;
  readonly token: string;
  readonly trace: Trace;
  /** Which connections. */
  readonly indices: readonly number[];
}

/** The child says that it is ready, and begins when it is told to. */
export type FloorMessage = { readonly kind: 'ready' } | FloorResult;

export interface FloorResult {
  readonly kind: 'settled';
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  /** One for each connection. */
  readonly endedMs: readonly number[];
  /** Looks into the queues that found something. */
  readonly receives: number;
}
