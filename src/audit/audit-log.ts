import type { Logger } from '../base/logger';
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

export interface AuditLogPorts {
  readonly ledger: Ledger;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
}

/** Joins both: the ledger decides what is to be told, and Application Insights gets exactly that. */
export function createAuditLog({ ledger, telemetry, logger }: AuditLogPorts): AuditLog {
  return {
    async record(records) {
      if (records.length === 0) return;
      const untold = await ledger.append(records);
      for (const record of untold) if (record.ledgerHolds !== undefined) logger.error(accusation(record));
      telemetry.emit(untold);
    },
    note: (records) => telemetry.emit(records),
    flush: () => telemetry.flush(),
  };
}

function accusation({ id, kind, target, ledgerHolds }: AuditRecord): string {
  const where = target === '' ? 'the ledger' : `the ledger of ${target}`;
  // An instance that was stopped for minutes may come back and end what another one has ended.
  const unless = id.endsWith('|end')
    ? 'Unless two instances of the app ended this at the same time, see'
    : 'See';
  return (
    `Somebody else wrote to ${where}: under the id ${id} of what is told now as ${kind}, it holds ${ledgerHolds}. ` +
    `The true record is in Application Insights only. ${unless} who may write the table "ledger"`
  );
}
