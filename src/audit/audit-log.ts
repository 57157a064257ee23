import type { Logger } from '../base/logger';
import type { AuditRecord } from './audit-record';

/**
 * The append-only ledger. It fails with `PosternError` LEDGER_UNAVAILABLE; after that, nothing may
 * be written to ARM.
 */
export interface Ledger {
  /**
   * Appends each record whose id is not in the ledger yet. Existing rows stay unchanged. The
   * records are durable when the promise resolves.
   * @returns the records that this call has added, and those whose id another record occupies
   *   (`contradicted`), marked with `ledgerHolds`. No other call reports them.
   */
  append(records: readonly AuditRecord[]): Promise<readonly AuditRecord[]>;
}

/** Application Insights. Never throws: if it is unavailable, work goes on and the log says so. */
export interface Telemetry {
  /** Buffers records for sending. */
  emit(records: readonly AuditRecord[]): void;
  /** Sends the buffered records. Resolves when they are delivered or given up. */
  flush(): Promise<void>;
}

/** The audit log as the use cases see it: ledger and telemetry together. */
export interface AuditLog {
  /**
   * Writes to the ledger first, then sends to telemetry the records that are new, or whose place in
   * the ledger another record occupies.
   */
  record(records: readonly AuditRecord[]): Promise<void>;
  /**
   * Sends records to telemetry only: steps that the operation's end record sums up for the ledger.
   * Never throws.
   */
  note(records: readonly AuditRecord[]): void;
  /** Sends the buffered telemetry. Resolves when it is delivered or given up. */
  flush(): Promise<void>;
}

/** The ports of `createAuditLog`. */
export interface AuditLogPorts {
  readonly ledger: Ledger;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
}

/**
 * Creates the audit log from ledger and telemetry. Application Insights gets exactly the records
 * that the ledger returns as new or contradicted.
 */
export function createAuditLog({ ledger, telemetry, logger }: AuditLogPorts): AuditLog {
  return {
    async record(records) {
      if (records.length === 0) return;
      const toEmit = await ledger.append(records);
      for (const record of toEmit) if (record.ledgerHolds !== undefined) logger.error(accusation(record));
      telemetry.emit(toEmit);
    },
    note: (records) => telemetry.emit(records),
    flush: () => telemetry.flush(),
  };
}

function accusation({ id, kind, target, ledgerHolds }: AuditRecord): string {
  const where = target === '' ? 'the ledger' : `the ledger of ${target}`;
  // An instance that was suspended for minutes may resume and end an operation that another
  // instance has ended.
  const unless = id.endsWith('|end')
    ? 'Unless two instances of the app ended this at the same time, see'
    : 'See';
  return (
    `Someone else wrote to ${where}: under the id ${id}, where a ${kind} record belongs, it holds ${ledgerHolds}. ` +
    `The true record is in Application Insights only. ${unless} who may write to the table "ledger"`
  );
}
