import type { ConnectionId, TargetId } from '../../../src/connections/resource-id';
import { PosternError } from '../../../src/base/errors';
import { isHeldByLimit, isOpen, type ConnectionState } from '../../../src/operations/operation';
import type {
  OperationStore,
  OverdueOperation,
  Saved,
  TargetMark,
  TargetState,
  WaitingForPerson,
} from '../../../src/operations/operation-store';
import { endOfApproval } from '../../../src/operations/timed-approval';

interface StoredTarget {
  readonly rows: Map<string, ConnectionState>;
  mark: TargetMark;
}

/** An operation store in memory with the port's guarantees: versions, conflicts, all or nothing. */
export class FakeOperationStore implements OperationStore {
  /** Successful calls of `save`, oldest first. */
  readonly saves: { target: string; rows: readonly ConnectionState[]; mark: TargetMark | undefined }[] = [];
  private readonly targets = new Map<string, StoredTarget>();
  private versions = 0;
  private failure: Error | undefined;

  /** Makes the next call throw `error`. */
  failNext(error: Error): void {
    this.failure = error;
  }

  /** Returns all rows, or those of one target. */
  rows(target?: TargetId): readonly ConnectionState[] {
    const wanted = target === undefined ? [...this.targets.values()] : [this.stored(target.key)];
    return wanted.flatMap((stored) => [...stored.rows.values()]);
  }

  /** Stores rows as an earlier run would have left them, with new versions. */
  seed(target: TargetId, rows: readonly ConnectionState[], reviewedAt?: string): readonly ConnectionState[] {
    const stored = this.stored(target.key);
    if (reviewedAt !== undefined) this.keepMark(stored, { ...stored.mark, reviewedAt });
    return rows.map((row) => this.keep(stored, row));
  }

  async load(target: TargetId): Promise<TargetState> {
    this.throwFailure();
    const { rows, mark } = this.stored(target.key);
    return { connectionStates: [...rows.values()], ...mark };
  }

  async get(connection: ConnectionId): Promise<ConnectionState | undefined> {
    this.throwFailure();
    return this.stored(connection.target.key).rows.get(connection.key);
  }

  async save(target: TargetId, rows: readonly ConnectionState[], mark?: TargetMark): Promise<Saved> {
    this.throwFailure();
    const stored = this.stored(target.key);
    const keys = new Set(rows.map((row) => row.connection.key));
    const stale = rows.find((row) => isStale(stored.rows.get(row.connection.key), row));
    const isForeign = rows.some((row) => row.connection.target.key !== target.key);
    const isMarkStale = mark !== undefined && mark.version !== stored.mark.version;
    if (stale !== undefined || isForeign || keys.size !== rows.length || isMarkStale) {
      throw new PosternError('STORE_CONFLICT', `a row of ${target.id} was changed concurrently`);
    }
    if (mark !== undefined) this.keepMark(stored, mark);
    for (const { connection, forget } of rows) if (forget === true) stored.rows.delete(connection.key);
    const kept = rows.filter(({ forget }) => forget !== true).map((row) => this.keep(stored, row));
    this.saves.push({ target: target.key, rows: kept, mark });
    return { rows: kept, ...(mark === undefined ? {} : { markVersion: stored.mark.version }) };
  }

  async *overdue(instant: Date): AsyncIterable<OverdueOperation> {
    this.throwFailure();
    for (const { connection, operation } of this.rows()) {
      if (operation === undefined || !isOpen(operation) || isHeldByLimit(operation)) continue;
      if (new Date(operation.dueAt ?? operation.plannedAt) < instant) yield { connection, operation };
    }
  }

  async *waitingForPerson(what: WaitingForPerson): AsyncIterable<OverdueOperation> {
    this.throwFailure();
    for (const { connection, operation } of this.rows()) {
      if (operation === undefined) continue;
      const waits = what === 'limited' ? isHeldByLimit(operation) : operation.state === 'abandoned';
      if (waits) yield { connection, operation };
    }
  }

  async *endedApprovals(instant: Date): AsyncIterable<ConnectionId> {
    this.throwFailure();
    for (const connectionState of this.rows()) {
      const endsAt = endOfApproval(connectionState);
      if (endsAt !== undefined && new Date(endsAt) <= instant) yield connectionState.connection;
    }
  }

  private keepMark(stored: StoredTarget, mark: TargetMark): void {
    this.versions += 1;
    stored.mark = { ...structuredClone(mark), version: `W/"${this.versions}"` };
  }

  private keep(stored: StoredTarget, row: ConnectionState): ConnectionState {
    this.versions += 1;
    const kept = { ...structuredClone(row), version: `W/"${this.versions}"` };
    stored.rows.set(row.connection.key, kept);
    return kept;
  }

  private stored(targetKey: string): StoredTarget {
    const stored = this.targets.get(targetKey) ?? {
      rows: new Map<string, ConnectionState>(),
      mark: { nextGeneration: 0 },
    };
    this.targets.set(targetKey, stored);
    return stored;
  }

  private throwFailure(): void {
    const failure = this.failure;
    this.failure = undefined;
    if (failure !== undefined) throw failure;
  }
}

/** Returns whether a row has an old version. A row to forget may already be gone. */
function isStale(stored: ConnectionState | undefined, { forget, version }: ConnectionState): boolean {
  return forget === true && stored === undefined ? false : stored?.version !== version;
}
