import type { TableClient, TransactionAction } from '@azure/data-tables';
import * as z from '../../../base/schema/schema';
import { PosternError } from '../../../base/errors';
import { tryParseJson } from '../../../base/json';
import type { ConnectionId, TargetId } from '../../../connections/resource-id';
import type { ConnectionState } from '../../../operations/operation';
import type {
  OperationStore,
  OverdueOperation,
  Saved,
  TargetMark,
  TargetState,
  WaitingForPerson,
} from '../../../operations/operation-store';
import { failureOf } from '../errors';
import type { OnDemand } from '../on-demand';
import { textColumns, textFrom } from './columns';
import {
  connectionRowKey,
  entityFromConnectionState,
  partitionKeyOf,
  connectionStateFromRow,
  targetRowKey,
  unreadableRow,
} from './connection-row';
import { findRow, literal, queryRows, removeRow, type RowPlace, splitIntoTransactions } from './query';

/** Connection states in Table Storage: a partition per target, a row per connection, versions are ETags. */
export class TableOperationStore implements OperationStore {
  constructor(private readonly table: OnDemand<TableClient>) {}

  async load(target: TargetId): Promise<TargetState> {
    const connectionStates: ConnectionState[] = [];
    let mark: TargetMark = { nextGeneration: 0 };
    for await (const row of queryRows(this.table, `PartitionKey eq ${literal(partitionKeyOf(target))}`)) {
      if (row.rowKey === targetRowKey) mark = markFrom(row);
      else connectionStates.push(connectionStateFromRow(row));
    }
    return { connectionStates, ...mark };
  }

  async get(connection: ConnectionId): Promise<ConnectionState | undefined> {
    const row = await findRow(this.table, placeOf(connection));
    return row && connectionStateFromRow(row);
  }

  async save(target: TargetId, rows: readonly ConnectionState[], mark?: TargetMark): Promise<Saved> {
    const kept = rows.filter(({ forget }) => forget !== true);
    const actions = kept.map((row) => actionFor(target, row));
    if (mark !== undefined) actions.push(markAction(target, mark));
    const etags: (string | undefined)[] = [];
    for (const transaction of splitIntoTransactions(actions)) {
      etags.push(...(await this.submit(target, transaction)));
    }
    // The mark says by now which generations are spent.
    const removed = rows.filter(({ forget, version }) => forget === true && version !== undefined);
    await eachOf(removed, (row) => this.remove(row));
    return {
      rows: kept.map((row, index) => ({ ...row, version: etags[index] })),
      ...(mark === undefined ? {} : { markVersion: etags[kept.length] }),
    };
  }

  /** Removes a row outside a transaction, in which the client would remove the row even if it was changed. */
  private async remove({ connection, version }: ConnectionState): Promise<void> {
    try {
      await removeRow(this.table, placeOf(connection), version);
    } catch (error) {
      throw isConflict(error) ? conflictOf(connection.target, error) : error;
    }
  }

  async *overdue(instant: Date): AsyncIterable<OverdueOperation> {
    const isOpen = "(operationState eq 'planned' or operationState eq 'running')";
    yield* this.operations(`${isOpen} and dueAt lt ${literal(instant.toISOString())}`);
  }

  async *waitingForPerson(what: WaitingForPerson): AsyncIterable<OverdueOperation> {
    yield* this.operations(`operationState eq ${literal(what)}`);
  }

  async *endedApprovals(instant: Date): AsyncIterable<ConnectionId> {
    const filter = `approvalEndsAt le ${literal(instant.toISOString())}`;
    for await (const { connection } of this.connectionStates(filter)) yield connection;
  }

  private async *operations(filter: string): AsyncIterable<OverdueOperation> {
    for await (const { connection, operation } of this.connectionStates(filter)) {
      if (operation !== undefined) yield { connection, operation };
    }
  }

  /**
   * Yields the rows that can be read, and then fails with all that cannot. @throws PosternError
   * STORE_UNREADABLE
   */
  private async *connectionStates(filter: string): AsyncIterable<ConnectionState> {
    const problems: string[] = [];
    for await (const row of queryRows(this.table, filter)) {
      const connectionState = readOrNote(row, problems);
      if (connectionState !== undefined) yield connectionState;
    }
    if (problems.length > 0) throw new PosternError('STORE_UNREADABLE', problems.join('; '));
  }

  private async submit(target: TargetId, actions: TransactionAction[]): Promise<(string | undefined)[]> {
    try {
      const reply = await this.table.use((client, options) => client.submitTransaction(actions, options));
      return reply.subResponses.map(({ etag }) => etag);
    } catch (error) {
      throw isConflict(error) ? conflictOf(target, error) : error;
    }
  }
}

function placeOf(connection: ConnectionId): RowPlace {
  return { partitionKey: partitionKeyOf(connection.target), rowKey: connectionRowKey(connection) };
}

function conflictOf(target: TargetId, cause: unknown): PosternError {
  return new PosternError('STORE_CONFLICT', `a row of ${target.id} was changed by another process`, {
    cause,
  });
}

const removalsAtOnce = 8;

async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  async function next(): Promise<void> {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  }
  await Promise.all(Array.from({ length: removalsAtOnce }, next));
}

function actionFor(target: TargetId, row: ConnectionState): TransactionAction {
  if (row.connection.target.key !== target.key) {
    throw new PosternError('STORE_CONFLICT', `${row.connection.id} does not belong to ${target.id}`);
  }
  const entity = entityFromConnectionState(row);
  return row.version === undefined
    ? ['create', entity]
    : ['update', entity, 'Replace', { etag: row.version }];
}

function markAction(
  target: TargetId,
  {
    reviewedAt,
    againAt,
    laterAt = [],
    expected = [],
    spent = [],
    troubles,
    refusals,
    nextGeneration,
    version,
  }: TargetMark,
): TransactionAction {
  const entity = {
    partitionKey: partitionKeyOf(target),
    rowKey: targetRowKey,
    targetId: target.id,
    nextGeneration,
    ...(reviewedAt === undefined ? {} : { reviewedAt }),
    ...(againAt === undefined ? {} : { againAt }),
    ...(laterAt.length === 0 ? {} : { laterAt: laterAt.join(' ') }),
    ...(expected.length === 0 ? {} : { expected: JSON.stringify(expected) }),
    ...(spent.length === 0 ? {} : textColumns('spent', JSON.stringify(spent))),
    ...(troubles === undefined ? {} : { troubles }),
    ...(refusals === undefined ? {} : { refusals }),
  };
  return version === undefined ? ['create', entity] : ['update', entity, 'Replace', { etag: version }];
}

const instant = z.iso.datetime({ offset: true });
const targetRow = z.object({
  reviewedAt: z.optional(instant),
  againAt: z.optional(instant),
  laterAt: z.optional(
    z.pipe(
      z.pipe(
        z.string(),
        z.transform((text) => text.split(' ')),
      ),
      z.array(instant),
    ),
  ),
  expected: z.optional(
    z.pipe(
      z.pipe(z.string(), z.transform(tryParseJson)),
      z.array(z.object({ endpoint: z.optional(z.string()), until: instant })),
    ),
  ),
  spent: z.optional(
    z.pipe(
      z.pipe(z.string(), z.transform(tryParseJson)),
      z.array(
        z.object({
          id: z.string(),
          connection: z.string(),
          generation: z.int().check(z.minimum(0)),
          until: instant,
        }),
      ),
    ),
  ),
  troubles: z.optional(z.int().check(z.minimum(0))),
  refusals: z.optional(z.int().check(z.minimum(0))),
  nextGeneration: z._default(z.int().check(z.minimum(0)), 0),
});

function markFrom(row: Parameters<typeof connectionStateFromRow>[0]): TargetMark {
  const parsed = targetRow.safeParse({ ...row, spent: textFrom(row, 'spent') });
  if (!parsed.success) throw unreadableRow('operations', row, parsed.error);
  return { ...parsed.data, version: row.etag };
}

function readOrNote(
  row: Parameters<typeof connectionStateFromRow>[0],
  problems: string[],
): ConnectionState | undefined {
  try {
    return connectionStateFromRow(row);
  } catch (error) {
    if (problems.length < 10) problems.push(String(error));
    return undefined;
  }
}

/**
 * Tells whether the failure is a conflict, which includes a replaced row that is gone, and one row given
 * twice.
 */
function isConflict(error: unknown): boolean {
  const { httpStatus, code } = failureOf(error);
  if (httpStatus === 409 || httpStatus === 412) return code !== 'TableBeingDeleted';
  return code === 'ResourceNotFound' || code === 'InvalidDuplicateRow';
}
