import * as z from 'zod';
import { boundedList } from '../../../base/bounded-list';
import { sha256Hex } from '../../../base/digest';
import { firstProblem, PosternError } from '../../../base/errors';
import { type ConnectionId, parseConnectionId, type TargetId } from '../../../connections/resource-id';
import { isHeldByLimit, isOpen, type Operation, type ConnectionState } from '../../../operations/operation';
import { endOfApproval } from '../../../operations/timed-approval';
import { type Columns, partitionKeyFrom, textColumns, textFrom } from './columns';
import type { Row } from './query';
import { operationSchema, timedApprovalSchema, unclearSchema } from './schemas';

/** The row of the target itself: when it was last reviewed. */
export const targetRowKey = 't';

export type Entity = { readonly partitionKey: string; readonly rowKey: string } & Columns;

export function partitionKeyOf(target: TargetId): string {
  return partitionKeyFrom(target.key);
}

/** A connection's name is the requester's text and may be long, so its row is named by a hash. */
export function connectionRowKey(connection: ConnectionId): string {
  return `c|${sha256Hex(connection.key, 32)}`;
}

/**
 * Some columns are there to be searched for: `operationState` while an operation is open or waits for a person, `dueAt`
 * while it is open, `approvalEndsAt` once an approval with an end was applied.
 */
export function entityFromConnectionState(connectionState: ConnectionState): Entity {
  const { connection, operation } = connectionState;
  const approvalEndsAt = endOfApproval(connectionState);
  return {
    partitionKey: partitionKeyOf(connection.target),
    rowKey: connectionRowKey(connection),
    connectionId: connection.id,
    endpointKey: connectionState.endpointKey,
    status: connectionState.status,
    generation: connectionState.generation,
    firstSeen: connectionState.firstSeen,
    ...(connectionState.decisionId === undefined ? {} : { decisionId: connectionState.decisionId }),
    ...(operation === undefined ? {} : operationColumns(operation)),
    ...(connectionState.approval === undefined ? {} : { approval: JSON.stringify(connectionState.approval) }),
    ...(connectionState.missingSince === undefined ? {} : { missingSince: connectionState.missingSince }),
    ...(connectionState.writes === undefined ? {} : { writes: connectionState.writes.join(' ') }),
    ...(connectionState.unclear === undefined ? {} : { unclear: JSON.stringify(connectionState.unclear) }),
    ...(approvalEndsAt === undefined ? {} : { approvalEndsAt: instantColumn(approvalEndsAt) }),
  };
}

function operationColumns(operation: Operation): Columns {
  const json = textColumns('operation', JSON.stringify(operation));
  if (isHeldByLimit(operation)) return { ...json, operationState: 'limited' };
  if (operation.state === 'abandoned') return { ...json, operationState: 'abandoned' };
  if (!isOpen(operation)) return json;
  return {
    ...json,
    operationState: operation.state,
    dueAt: instantColumn(operation.dueAt ?? operation.plannedAt),
  };
}

/** One spelling for every instant, so that the table can compare them as text. */
export function instantColumn(instant: string): string {
  return new Date(instant).toISOString();
}

const columnsSchema = z.object({
  connectionId: z.string(),
  endpointKey: z.string(),
  status: z.string(),
  generation: z.int().min(0),
  firstSeen: z.iso.datetime({ offset: true }),
  decisionId: z.string().optional(),
  approval: z.string().optional(),
  missingSince: z.iso.datetime({ offset: true }).optional(),
  unclear: z.string().optional(),
  writes: z.string().optional(),
  etag: z.string().min(1),
});

const writesSchema = boundedList(z.iso.datetime({ offset: true }), 100);

/** @throws PosternError STORE_UNREADABLE that names the row. */
export function connectionStateFromRow(row: Row): ConnectionState {
  try {
    const { connectionId, etag, decisionId, approval, missingSince, unclear, writes, ...columns } =
      columnsSchema.parse(row);
    const json = textFrom(row, 'operation');
    const connection = parseConnectionId(connectionId);
    assertPlace(row, {
      partitionKey: partitionKeyOf(connection.target),
      rowKey: connectionRowKey(connection),
    });
    return {
      ...columns,
      connection,
      ...(decisionId === undefined ? {} : { decisionId }),
      ...(json === undefined ? {} : { operation: operationSchema.parse(JSON.parse(json)) }),
      ...(approval === undefined ? {} : { approval: timedApprovalSchema.parse(JSON.parse(approval)) }),
      ...(missingSince === undefined ? {} : { missingSince }),
      ...(writes === undefined ? {} : { writes: writesSchema.parse(writes.split(' ')) }),
      ...(unclear === undefined ? {} : { unclear: unclearSchema.parse(JSON.parse(unclear)) }),
      version: etag,
    };
  } catch (error) {
    throw unreadableRow('operations', row, error);
  }
}

/** What a row tells of must be what its keys name: it would be stored in another place, and read here again and again. */
export function assertPlace(
  row: Row,
  place: { readonly partitionKey: string; readonly rowKey: string },
): void {
  if (row.partitionKey === place.partitionKey && row.rowKey === place.rowKey) return;
  throw new Error(`it belongs to ${place.partitionKey} ${place.rowKey}`);
}

export function unreadableRow(table: string, row: Row, cause: unknown): PosternError {
  const problem = cause instanceof z.ZodError ? firstProblem(cause) : String(cause);
  const place = `${row.partitionKey} ${row.rowKey}`;
  return new PosternError('STORE_UNREADABLE', `row ${place} of table ${table}: ${problem}`, { cause });
}
