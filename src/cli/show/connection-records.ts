import type { AuditRecord } from '../../audit/audit-record';
import type { ConnectionId } from '../../connections/resource-id';
import type { OperationStore } from '../../operations/operation-store';

/** Read access to what a deployment keeps about connections. Nothing is written. */
export interface ConnectionRecords {
  readonly operations: Pick<OperationStore, 'load'>;
  /**
   * Reads the audit records of one connection, in no guaranteed order, at most `most`.
   * @throws PosternError STORE_UNAVAILABLE, STORE_UNREADABLE
   */
  history(connection: ConnectionId, most: number): Promise<readonly AuditRecord[]>;
  /**
   * Returns the digest of the policy that the app adopted last; `undefined` if it never adopted one.
   * @throws PosternError STORE_UNAVAILABLE
   */
  policyDigest(): Promise<string | undefined>;
}

/** The part of the host that reads a deployment's records, and knows the settings of its policy. */
export interface RecordsHost {
  /** Returns `undefined` if no storage is set. Absent: this host has none. @throws PosternError CONFIG_INVALID */
  readonly records?: (() => ConnectionRecords | undefined) | undefined;
  /** POLICY_PATH; absent if it is not set. */
  readonly policyPath?: string | undefined;
}
