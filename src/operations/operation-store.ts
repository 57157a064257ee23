import type { ConnectionId, TargetId } from '../connections/resource-id';
import type { Operation, Sighting } from './operation';

/** Sightings and their operations, kept by target. */
export interface OperationStore {
  /** All that is known of a target; empty for one never seen. */
  load(target: TargetId): Promise<TargetState>;

  /** One connection's row; `undefined` when it was never stored. */
  get(connection: ConnectionId): Promise<Sighting | undefined>;

  /**
   * Writes rows of one target, and when a review of it began, all of them or none as far as 99 rows go.
   * A row without `version` must be new, a row with one must be unchanged since; else STORE_CONFLICT.
   * Resolves to the rows with their new versions.
   */
  save(target: TargetId, rows: readonly Sighting[], reviewedAt?: string): Promise<readonly Sighting[]>;

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

export interface TargetState {
  readonly sightings: readonly Sighting[];
  /** When the last finished review of the target began. ISO 8601. */
  readonly reviewedAt: string | undefined;
}

export interface OverdueOperation {
  readonly connection: ConnectionId;
  readonly operation: Operation;
}
