import type { Logger } from '../base/logger';
import type { AuditLog, Ledger, Telemetry } from './audit-log';
import type { AuditRecord } from './audit-record';

export interface AuditLogOptions {
  readonly ledger: Ledger;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
}

/** Joins both: the ledger decides what is to be told, and Application Insights gets exactly that. */
export function createAuditLog({ ledger, telemetry, logger }: AuditLogOptions): AuditLog {
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
