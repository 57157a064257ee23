import type { AuditLog, Ledger, Telemetry } from './audit-log';

/** The ledger decides what is new; Application Insights gets exactly that. */
export function createAuditLog(options: { ledger: Ledger; telemetry: Telemetry }): AuditLog {
  const { ledger, telemetry } = options;
  return {
    async record(records) {
      if (records.length === 0) return;
      telemetry.emit(await ledger.append(records));
    },
    note: (records) => telemetry.emit(records),
    flush: () => telemetry.flush(),
  };
}
