/**
 * A request and its outcome. Seconds are those of the local clock; real times are milliseconds since 1970.
 */
export interface RequestRecord {
  readonly sequence: number;
  readonly area: RequestArea;
  readonly method: string;
  /** The path and query of the request. */
  readonly path: string;
  readonly startedSeconds: number;
  readonly startedRealMs: number;
  endedSeconds: number | undefined;
  endedRealMs: number | undefined;
  /** The object id of the caller; absent if it is unknown. */
  principal: string | undefined;
  readonly clientRequestId: string | undefined;
  /** Ids in ARM's own spelling, if the path names any. */
  target: string | undefined;
  connection: string | undefined;
  /** The HTTP status, or `reset` if the connection was cut. */
  status: number | 'reset' | undefined;
  /** The change that a write made or started; absent if it had no effect. */
  tookEffect: WriteEffect | undefined;
  /** The connection's status right before a write took effect. */
  statusBefore: string | undefined;
  operationId: string | undefined;
  /** Ids of the fault rules that fired. */
  readonly faults: string[];
}

export type RequestArea = 'arm' | 'identity' | 'graph' | 'ingestion' | 'topic' | 'other';

export type WriteEffect = 'approve' | 'reject' | 'delete' | 'put' | 'patch';

export interface RequestLog {
  readonly records: readonly RequestRecord[];
  begin(
    start: Pick<
      RequestRecord,
      'area' | 'method' | 'path' | 'startedSeconds' | 'startedRealMs' | 'clientRequestId'
    >,
  ): RequestRecord;
  clear(): void;
}

/** Creates a log that keeps the last `limit` records. */
export function createRequestLog(limit = 100_000): RequestLog {
  const records: RequestRecord[] = [];
  let sequence = 0;
  return {
    records,
    begin: (start) => {
      sequence += 1;
      const record: RequestRecord = {
        sequence,
        ...start,
        endedSeconds: undefined,
        endedRealMs: undefined,
        principal: undefined,
        target: undefined,
        connection: undefined,
        status: undefined,
        tookEffect: undefined,
        statusBefore: undefined,
        operationId: undefined,
        faults: [],
      };
      records.push(record);
      if (records.length > limit) records.shift();
      return record;
    },
    clear: () => void records.splice(0),
  };
}
