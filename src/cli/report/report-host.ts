import type { AuditRecord } from '../../audit/audit-record';

/** A record of the ledger, or the problem of a row that is none. */
export type LedgerItem =
  | { readonly kind: 'record'; readonly record: AuditRecord }
  | { readonly kind: 'unreadable'; readonly problem: string };

/** Read access to the ledger of a deployment. */
export interface LedgerReader {
  /**
   * Yields every record, in no order.
   * @throws PosternError STORE_UNAVAILABLE
   */
  read(): AsyncIterable<LedgerItem>;
}

/** The part of the host that `postern report` needs besides access to Azure. */
export interface ReportHost {
  readonly report: ReportPorts;
}

/** What a report is made of besides Azure. */
export interface ReportPorts {
  /**
   * Opens the ledger; connects with the first read. Absent if the settings name no storage.
   * @throws PosternError CONFIG_INVALID
   */
  ledger(): LedgerReader | undefined;
  /** Reads the page that a report is put into. @throws CliError if it was not built */
  page(): Promise<string>;
}
