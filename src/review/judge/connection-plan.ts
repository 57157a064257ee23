import type { AuditRecord } from '../../audit/audit-record';
import type { Planned } from '../../operations/write/planned';
import type { ConnectionState } from '../../operations/operation';

/** What a review makes of one connection. */
export interface ConnectionPlan {
  readonly records?: readonly AuditRecord[];
  /** The row, if it has changed. */
  readonly row?: ConnectionState | undefined;
  readonly write?: Planned;
  /** An operation on it is under way. */
  readonly running?: boolean;
  /** It is left open, and to be looked at again after this many seconds. */
  readonly againSeconds?: number | undefined;
}
