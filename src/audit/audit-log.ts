import type { AuditRecord } from './audit-record';

/** The append-only ledger. Failures are `PosternError` LEDGER_UNAVAILABLE: then nothing may be written to ARM. */
export interface Ledger {
  /**
   * Appends each record whose id is not there yet. Durable when it resolves.
   * @returns what only this call can tell of: the records that were new, and those whose id something else has
   *   (`contradicted`), marked with `ledgerHolds`. What is there already is left as it is.
   */
  append(records: readonly AuditRecord[]): Promise<readonly AuditRecord[]>;
}

/** Application Insights. Never throws: when it is away, work goes on and the log says so. */
export interface Telemetry {
  emit(records: readonly AuditRecord[]): void;
  /** Sends what was emitted; resolves when it is delivered or was given up. */
  flush(): Promise<void>;
}

/** What the use cases see of both. */
export interface AuditLog {
  /**
   * Ledger first, then telemetry for the records that were new, or whose place in the ledger something else has.
   * @throws PosternError LEDGER_UNAVAILABLE
   */
  record(records: readonly AuditRecord[]): Promise<void>;
  /** Telemetry only: steps that the operation's end record sums up for the ledger. Never throws. */
  note(records: readonly AuditRecord[]): void;
  flush(): Promise<void>;
}
