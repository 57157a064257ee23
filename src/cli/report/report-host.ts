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

/** The files that a tool writes. */
export interface ReportFiles {
  /** Returns whether there is something at a path. */
  exists(path: string): Promise<boolean>;
  /**
   * Writes a file whole or not at all, over one that is there.
   * @throws CliError if it cannot be written
   */
  write(path: string, pieces: Iterable<string>): Promise<void>;
}

/** The part of the host that `postern report` needs besides access to Azure. */
export interface ReportHost {
  readonly report: ReportPorts;
}

/** What a report is made of and written to, besides Azure. */
export interface ReportPorts {
  /**
   * Opens the ledger; connects with the first read. Absent if the settings name no storage.
   * @throws PosternError CONFIG_INVALID
   */
  ledger(): LedgerReader | undefined;
  /** Reads the page that a report is put into. @throws CliError if it was not built */
  page(): Promise<string>;
  readonly files: ReportFiles;
}
