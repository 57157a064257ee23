import { hasCode } from '../base/errors';
import type { ConnectionId, TargetId } from '../connections/resource-id';
import type { Operation, ConnectionState } from './operation';

/** Sightings and their operations, kept by target. */
export interface OperationStore {
  /** All that is known of a target; empty for one never seen. */
  load(target: TargetId): Promise<TargetState>;

  /** One connection's row; `undefined` when it was never stored. */
  get(connection: ConnectionId): Promise<ConnectionState | undefined>;

  /**
   * Writes rows of one target, and what is known of the target itself, all of them or none as far as 99 rows go.
   * A row without `version` must be new, a row with one must be unchanged since; else STORE_CONFLICT. One to `forget` is
   * removed after that, unless it has changed. Resolves to the other rows with their new versions.
   */
  save(
    target: TargetId,
    rows: readonly ConnectionState[],
    mark?: TargetMark,
  ): Promise<readonly ConnectionState[]>;

  /**
   * Open operations, over all targets, whose `dueAt` is before `instant`, but for those that a limit holds.
   * Streams; holds one page at most.
   */
  overdue(instant: Date): AsyncIterable<OverdueOperation>;

  /** Operations that wait for a person, over all targets. Streams as `overdue` does. */
  waitingForPerson(what: WaitingForPerson): AsyncIterable<OverdueOperation>;

  /** Connections whose time-limited approval has ended by `instant` and was applied. Streams as `overdue` does. */
  endedApprovals(instant: Date): AsyncIterable<ConnectionId>;
}

/** `limited`: planned, and held by a limit. `abandoned`: given up. */
export type WaitingForPerson = 'limited' | 'abandoned';

export interface TargetState extends TargetMark {
  readonly connectionStates: readonly ConnectionState[];
}

/** What is known of a target as a whole. */
export interface TargetMark {
  /** When the last finished review of the target began; absent before the first. ISO 8601. */
  readonly reviewedAt?: string | undefined;
  /** When the target is looked at again, because something was left open: one message stands for it. ISO 8601. */
  readonly againAt?: string | undefined;
  /** How often in a row the target could not be reviewed now, and how often it may not be; absent: it could. */
  readonly troubles?: number | undefined;
  readonly refusals?: number | undefined;
  /** The generation of what is seen for the first time: higher than that of anything that was forgotten. */
  readonly nextGeneration: number;
}

/** Takes what is known of the target as a whole out of its state. */
export function markOf({ reviewedAt, againAt, troubles, refusals, nextGeneration }: TargetState): TargetMark {
  return { reviewedAt, againAt, troubles, refusals, nextGeneration };
}

export interface OverdueOperation {
  readonly connection: ConnectionId;
  readonly operation: Operation;
}

/**
 * Saves one row and resolves to it as stored. When another process has changed it meanwhile, calls `whenOvertaken` and
 * resolves to `undefined`. @throws PosternError STORE_CONFLICT when there is no `whenOvertaken`, STORE_UNAVAILABLE
 */
export async function saveRow(
  operations: OperationStore,
  row: ConnectionState,
  whenOvertaken?: () => void,
): Promise<ConnectionState | undefined> {
  try {
    const [stored] = await operations.save(row.connection.target, [row]);
    return stored ?? row;
  } catch (error) {
    if (whenOvertaken === undefined || !hasCode(error, 'STORE_CONFLICT')) throw error;
    whenOvertaken();
    return undefined;
  }
}
