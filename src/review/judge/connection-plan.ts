import type { AuditRecord } from '../../audit/audit-record';
import type { Planned } from '../../operations/write/planned';
import type { ConnectionState } from '../../operations/operation';
import type { SpentRequest } from '../../operations/operation-store';

/** The part of a review's plan that concerns one connection. */
export interface ConnectionPlan {
  readonly records?: readonly AuditRecord[];
  /** The row, if it has changed. */
  readonly row?: ConnectionState | undefined;
  readonly write?: Planned;
  /** The announcement that the approval of this connection uses, unless it has used it already. */
  readonly spends?: SpentRequest | undefined;
  /** Whether an operation on the connection is running. */
  readonly running?: boolean;
  /** The seconds until the next review, if the connection is left open. */
  readonly againSeconds?: number | undefined;
}
