/** Names the operation that is to be looked at again. The durable row is the truth, this only wakes somebody. */
export interface AlarmCall {
  readonly version: 1;
  readonly connectionId: string;
  readonly operationId: string;
  /** Which poll this wakes: one that was made already makes the call stale. */
  readonly poll: number;
  /** How often storage was away when this was to be looked at. Absent: never. */
  readonly attempt?: number | undefined;
  readonly traceId?: string | undefined;
}

/** The operations queue, as the use cases see it. */
export interface Alarm {
  /** Wakes the poller after `delaySeconds` (0 to 604,800). */
  ring(call: AlarmCall, delaySeconds: number): Promise<void>;
}
