import type { TableClient, TransactionAction } from '@azure/data-tables';
import * as z from 'zod';
import type { ConnectionId, TargetId } from '../connections/resource-id';
import { PosternError } from '../errors';
import type { Sighting } from '../operations/operation';
import type {
  OperationStore,
  OverdueOperation,
  TargetState,
  WaitingForPerson,
} from '../operations/operation-store';
import { failureOf } from './storage-errors';
import type { OnDemand } from './storage-on-demand';
import { literal, queryRows } from './table-query';
import {
  connectionRowKey,
  entityFromSighting,
  partitionKeyOf,
  sightingFromRow,
  targetRowKey,
  unreadableRow,
} from './table-sighting-row';
import { splitIntoTransactions } from './table-transactions';

/** Sightings in Table Storage: a partition per target, a row per connection, versions are ETags. */
export class TableOperationStore implements OperationStore {
  constructor(private readonly table: OnDemand<TableClient>) {}

  async load(target: TargetId): Promise<TargetState> {
    const sightings: Sighting[] = [];
    let reviewedAt: string | undefined;
    for await (const row of queryRows(this.table, `PartitionKey eq ${literal(partitionKeyOf(target))}`)) {
      if (row.rowKey === targetRowKey) reviewedAt = reviewedAtFrom(row);
      else sightings.push(sightingFromRow(row));
    }
    return { sightings, reviewedAt };
  }

  async get(connection: ConnectionId): Promise<Sighting | undefined> {
    const partitionKey = partitionKeyOf(connection.target);
    try {
      const row = await this.table.use((client, options) =>
        client.getEntity(partitionKey, connectionRowKey(connection), options),
      );
      return sightingFromRow(row);
    } catch (error) {
      if (failureOf(error).httpStatus === 404) return undefined;
      throw error;
    }
  }

  async save(target: TargetId, rows: readonly Sighting[], reviewedAt?: string): Promise<readonly Sighting[]> {
    const actions = rows.map((row) => actionFor(target, row));
    if (reviewedAt !== undefined) actions.push(reviewAction(target, reviewedAt));
    const etags: (string | undefined)[] = [];
    for (const transaction of splitIntoTransactions(actions)) {
      etags.push(...(await this.submit(target, transaction)));
    }
    return rows.map((row, index) => ({ ...row, version: etags[index] }));
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
    for await (const { connection } of this.sightings(filter)) yield connection;
  }

  private async *operations(filter: string): AsyncIterable<OverdueOperation> {
    for await (const { connection, operation } of this.sightings(filter)) {
      if (operation !== undefined) yield { connection, operation };
    }
  }

  /** One bad row must not hide the good ones behind it, nor stay unseen: it is told of at the end. */
  private async *sightings(filter: string): AsyncIterable<Sighting> {
    const problems: string[] = [];
    for await (const row of queryRows(this.table, filter)) {
      const sighting = readOrNote(row, problems);
      if (sighting !== undefined) yield sighting;
    }
    if (problems.length > 0) throw new PosternError('STORE_UNREADABLE', problems.join('; '));
  }

  private async submit(target: TargetId, actions: TransactionAction[]): Promise<(string | undefined)[]> {
    try {
      const reply = await this.table.use((client, options) => client.submitTransaction(actions, options));
      return reply.subResponses.map(({ etag }) => etag);
    } catch (error) {
      if (!isConflict(error)) throw error;
      const message = `a row of ${target.id} was changed by somebody else`;
      throw new PosternError('STORE_CONFLICT', message, { cause: error });
    }
  }
}

function actionFor(target: TargetId, row: Sighting): TransactionAction {
  if (row.connection.target.key !== target.key) {
    throw new PosternError('STORE_CONFLICT', `${row.connection.id} does not belong to ${target.id}`);
  }
  const entity = entityFromSighting(row);
  return row.version === undefined
    ? ['create', entity]
    : ['update', entity, 'Replace', { etag: row.version }];
}

function reviewAction(target: TargetId, reviewedAt: string): TransactionAction {
  const partitionKey = partitionKeyOf(target);
  return ['upsert', { partitionKey, rowKey: targetRowKey, targetId: target.id, reviewedAt }, 'Replace'];
}

const targetRow = z.object({ reviewedAt: z.iso.datetime({ offset: true }) });

function reviewedAtFrom(row: Parameters<typeof sightingFromRow>[0]): string {
  const parsed = targetRow.safeParse(row);
  if (!parsed.success) throw unreadableRow('operations', row, parsed.error);
  return parsed.data.reviewedAt;
}

function readOrNote(row: Parameters<typeof sightingFromRow>[0], problems: string[]): Sighting | undefined {
  try {
    return sightingFromRow(row);
  } catch (error) {
    if (problems.length < 10) problems.push(String(error));
    return undefined;
  }
}

/** Also a replaced row that is gone, and one row given twice. */
function isConflict(error: unknown): boolean {
  const { httpStatus, code } = failureOf(error);
  if (httpStatus === 409 || httpStatus === 412) return code !== 'TableBeingDeleted';
  return code === 'ResourceNotFound' || code === 'InvalidDuplicateRow';
}
