import { hasCode } from '../base/errors';
import type { ConnectionId, TargetId } from '../connections/resource-id';
import type { Operation, ConnectionState } from './operation';

/** Connection states and their operations, stored by target. */
export interface OperationStore {
  /** Loads everything known about a target; empty for one never seen. */
  load(target: TargetId): Promise<TargetState>;

  /** Loads one connection's row; `undefined` if it was never stored. */
  get(connection: ConnectionId): Promise<ConnectionState | undefined>;

  /**
   * Writes rows of one target, together with its mark, atomically for up to 99 rows. A row or mark
   * without `version` must be new, and one with it must be unchanged since. Rows to `forget` are
   * removed afterward, unless they have changed.
   * @throws PosternError STORE_CONFLICT, STORE_UNAVAILABLE
   */
  save(target: TargetId, rows: readonly ConnectionState[], mark?: TargetMark): Promise<Saved>;

  /**
   * Lists the open operations of all targets whose `dueAt` is before `instant`, except those held
   * by a limit. Streams; keeps one page in memory at most.
   */
  overdue(instant: Date): AsyncIterable<OverdueOperation>;

  /** Lists the operations of all targets that wait for a person. Streams as `overdue` does. */
  waitingForPerson(what: WaitingForPerson): AsyncIterable<OverdueOperation>;

  /**
   * Lists the connections whose time-limited approval was applied and has ended by `instant`.
   * Streams as `overdue` does.
   */
  endedApprovals(instant: Date): AsyncIterable<ConnectionId>;
}

/**
 * The state in which an operation waits for a person. `limited`: planned and held by a limit.
 * `abandoned`: given up.
 */
export type WaitingForPerson = 'limited' | 'abandoned';

/** What the store holds after it has saved rows. */
export interface Saved {
  /** The rows that were not forgotten, in their order, with their new versions. */
  readonly rows: readonly ConnectionState[];
  /** The new version of the target's mark; absent if no mark was saved. */
  readonly markVersion?: string | undefined;
}

/** Everything known about a target. */
export interface TargetState extends TargetMark {
  readonly connectionStates: readonly ConnectionState[];
}

/** What is known about a target as a whole. */
export interface TargetMark {
  /** When the last finished review of the target began; absent before the first. ISO 8601. */
  readonly reviewedAt?: string | undefined;
  /**
   * When the next review is due because something was left open. One queue message is scheduled for
   * it. ISO 8601.
   */
  readonly againAt?: string | undefined;
  /**
   * Later times, each with a queue message of its own, that were scheduled before `againAt` turned
   * out to be needed sooner. ISO 8601, earliest first.
   */
  readonly laterAt?: readonly string[] | undefined;
  /** The announced connections that no review has found yet. Absent: none. */
  readonly expected?: readonly Expectation[] | undefined;
  /** The announcements of requests that a connection has used. Absent: none. */
  readonly spent?: readonly SpentRequest[] | undefined;
  /**
   * How many times in a row a review failed for a passing reason (`troubles`), or was refused
   * (`refusals`). Absent: the last one succeeded.
   */
  readonly troubles?: number | undefined;
  readonly refusals?: number | undefined;
  /**
   * The generation of a connection that is seen for the first time. Higher than that of any
   * forgotten connection.
   */
  readonly nextGeneration: number;
  /** The store's version of the mark; absent if it was never stored. */
  readonly version?: string | undefined;
}

/** A connection that an event announced. */
export interface Expectation {
  /**
   * The id of its endpoint in lower case, or `any`; absent: several that are not told apart, which
   * are looked for until their time is over.
   */
  readonly endpoint?: string | undefined;
  /** When to stop looking for it. ISO 8601. */
  readonly until: string;
}

/** An announcement of a request that a connection has used: no other one can use it. */
export interface SpentRequest {
  /** The announcement's id. */
  readonly id: string;
  /** A digest of the connection's id and its endpoint, and the connection's generation. */
  readonly connection: string;
  readonly generation: number;
  /** When the request is expected no longer, so that this need not be remembered. ISO 8601. */
  readonly until: string;
}

/** Extracts the mark from a target's state. */
export function markOf(state: TargetState): TargetMark {
  const { reviewedAt, againAt, laterAt, expected, spent, troubles, refusals } = state;
  const { nextGeneration, version } = state;
  return { reviewedAt, againAt, laterAt, expected, spent, troubles, refusals, nextGeneration, version };
}

/** An operation with its connection. */
export interface OverdueOperation {
  readonly connection: ConnectionId;
  readonly operation: Operation;
}

/**
 * Saves one row and resolves to it as stored. If another process has changed it meanwhile, calls
 * `whenOvertaken` and resolves to `undefined`.
 * @throws PosternError STORE_UNAVAILABLE; STORE_CONFLICT if there is no `whenOvertaken`.
 */
export async function saveRow(
  operations: OperationStore,
  row: ConnectionState,
  whenOvertaken?: () => void,
): Promise<ConnectionState | undefined> {
  try {
    const { rows } = await operations.save(row.connection.target, [row]);
    return rows[0] ?? row;
  } catch (error) {
    if (whenOvertaken === undefined || !hasCode(error, 'STORE_CONFLICT')) throw error;
    whenOvertaken();
    return undefined;
  }
}
