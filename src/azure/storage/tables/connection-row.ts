import * as z from '../../../base/schema/schema';
import { boundedList } from '../../../base/schema/bounded-list';
import { sha256Hex } from '../../../base/digest';
import { firstProblem, PosternError } from '../../../base/errors';
import { type ConnectionId, parseConnectionId, type TargetId } from '../../../connections/resource-id';
import { isHeldByLimit, isOpen, type Operation, type ConnectionState } from '../../../operations/operation';
import { endOfApproval } from '../../../operations/timed-approval';
import { type Columns, partitionKeyFrom, textColumns, textFrom } from './columns';
import type { Row } from './query';
import {
  answerSchema,
  foundRequesterSchema,
  operationSchema,
  timedApprovalSchema,
  unclearSchema,
  watchSchema,
} from './schemas';

/** The row key of the target itself, with the time of its last review. */
export const targetRowKey = 't';

export type Entity = { readonly partitionKey: string; readonly rowKey: string } & Columns;

/** Returns the partition of a target and its connections. */
export function partitionKeyOf(target: TargetId): string {
  return partitionKeyFrom(target.key);
}

/** Returns the row key of a connection: a hash, because the name is the requester's text and may be long. */
export function connectionRowKey(connection: ConnectionId): string {
  return `c|${sha256Hex(connection.key, 32)}`;
}

/**
 * Converts a connection state into a row. Some columns exist for searches: `operationState` while an
 * operation is open or waits for a person, `dueAt` while it is open, `approvalEndsAt` once a time-limited
 * approval was applied.
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
    ...(connectionState.foundRequester === undefined
      ? {}
      : { foundRequester: JSON.stringify(connectionState.foundRequester) }),
    ...(connectionState.watch === undefined ? {} : { watch: JSON.stringify(connectionState.watch) }),
    ...(connectionState.answer === undefined
      ? {}
      : textColumns('answer', JSON.stringify(connectionState.answer))),
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

/** Returns the one spelling of an instant that lets the table compare instants as text. */
export function instantColumn(instant: string): string {
  return new Date(instant).toISOString();
}

const columnsSchema = z.object({
  connectionId: z.string(),
  endpointKey: z.string(),
  status: z.string(),
  generation: z.int().check(z.minimum(0)),
  firstSeen: z.iso.datetime({ offset: true }),
  decisionId: z.optional(z.string()),
  approval: z.optional(z.string()),
  missingSince: z.optional(z.iso.datetime({ offset: true })),
  unclear: z.optional(z.string()),
  foundRequester: z.optional(z.string()),
  writes: z.optional(z.string()),
  watch: z.optional(z.string()),
  etag: z.string().check(z.minLength(1)),
});

const writesSchema = boundedList(z.iso.datetime({ offset: true }), 100);

/** Converts a row into a connection state. @throws PosternError STORE_UNREADABLE that names the row. */
export function connectionStateFromRow(row: Row): ConnectionState {
  try {
    const {
      connectionId,
      etag,
      decisionId,
      approval,
      missingSince,
      unclear,
      foundRequester,
      writes,
      watch,
      ...columns
    } = columnsSchema.parse(row);
    const json = textFrom(row, 'operation');
    const answer = textFrom(row, 'answer');
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
      ...(foundRequester === undefined
        ? {}
        : { foundRequester: foundRequesterSchema.parse(JSON.parse(foundRequester)) }),
      ...(watch === undefined ? {} : { watch: watchSchema.parse(JSON.parse(watch)) }),
      ...(answer === undefined ? {} : { answer: answerSchema.parse(JSON.parse(answer)) }),
      version: etag,
    };
  } catch (error) {
    throw unreadableRow('operations', row, error);
  }
}

/**
 * Checks that a row's content belongs to its keys: otherwise it would be saved elsewhere, and read here again
 * and again. @throws Error
 */
export function assertPlace(
  row: Row,
  place: { readonly partitionKey: string; readonly rowKey: string },
): void {
  if (row.partitionKey === place.partitionKey && row.rowKey === place.rowKey) return;
  throw new Error(`it belongs to ${place.partitionKey} ${place.rowKey}`);
}

/** Builds the error STORE_UNREADABLE for a row. */
export function unreadableRow(table: string, row: Row, cause: unknown): PosternError {
  const problem = cause instanceof z.ZodError ? firstProblem(cause) : String(cause);
  const place = `${row.partitionKey} ${row.rowKey}`;
  return new PosternError('STORE_UNREADABLE', `row ${place} of table ${table}: ${problem}`, { cause });
}
