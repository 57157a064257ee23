import type { AuditRecord } from './audit-record';

/** The append-only ledger. Failures are `PosternError` LEDGER_UNAVAILABLE: then nothing may be written to ARM. */
export interface Ledger {
  /** Appends each record whose id is not there yet and returns those that were new. Durable when it resolves. */
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
  /** Ledger first, then telemetry for the records that were new. @throws PosternError LEDGER_UNAVAILABLE */
  record(records: readonly AuditRecord[]): Promise<void>;
  /** Telemetry only: steps that the operation's end record sums up for the ledger. Never throws. */
  note(records: readonly AuditRecord[]): void;
  flush(): Promise<void>;
}
