import type { SimulatedAccount } from './account';
import type { Entity, StoredRow } from './table/entity';

/**
 * What version 0.1.0 knew: the columns of its rows, the fields of its JSON and of its messages. Of a target's mark two
 * columns stay: 0.1.0 kept the rows of connections that are gone, and it knew no announcements that could be used up.
 */
const known = {
  connection: [
    ...['connectionId', 'endpointKey', 'status', 'generation', 'firstSeen', 'decisionId'],
    ...['operation', 'approval', 'operationState', 'dueAt', 'approvalEndsAt'],
  ],
  target: ['targetId', 'reviewedAt', 'nextGeneration', 'spent'],
  operation: [
    ...[
      'id',
      'decisionId',
      'attempt',
      'effect',
      'state',
      'decided',
      'untold',
      'plannedAt',
      'startedAt',
      'endedAt',
    ],
    ...['dueAt', 'ticket', 'lastHttpStatus', 'error', 'retryAt', 'limit', 'ending'],
  ],
  ticket: [
    ...[
      'version',
      'connectionId',
      'effect',
      'statusBefore',
      'phase',
      'operationUrl',
      'confirmed',
      'namedDecision',
    ],
    ...['reportedError', 'pollFloorSeconds', 'deadlineAt', 'polls'],
  ],
  ending: ['state', 'reason', 'error', 'unconfirmed'],
  approval: ['endsAt', 'rules'],
  review: [
    ...[
      'version',
      'kind',
      'id',
      'hintedAt',
      'origin',
      'because',
      'expects',
      'lookUntil',
      'attempt',
      'refusals',
    ],
    'traceId',
  ],
} as const;

type Json = Readonly<Record<string, unknown>>;

/** Leaves in an account what version 0.1.0 would have left there. */
export function makeOlder(account: SimulatedAccount, nowMs: number): void {
  const operations = account.table('operations');
  for (const row of [...operations.rows()]) {
    const { partitionKey, rowKey } = row;
    const entity = olderRow(row);
    if (entity === undefined)
      operations.write({ kind: 'delete', entity: { partitionKey, rowKey }, etag: '*' });
    else operations.write({ kind: 'upsert', entity, mode: 'Replace' });
  }
  const reviews = account.queue('reviews');
  for (const { messageId, popReceipt, text, visibleAtMs } of reviews.snapshot()) {
    const request = JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as Json;
    const older = Buffer.from(JSON.stringify(pick(request, known.review))).toString('base64');
    const visibilitySeconds = Math.max(0, visibleAtMs - nowMs) / 1000;
    reviews.update(messageId, popReceipt, { text: older, visibilitySeconds });
  }
}

/** Returns the row as 0.1.0 would have written it; `undefined`: it had none of this kind. */
function olderRow(row: StoredRow): Entity | undefined {
  const { partitionKey, rowKey, connectionId, targetId, operation, approval } = row;
  if (typeof connectionId === 'string') {
    return {
      ...pick(row, known.connection),
      partitionKey,
      rowKey,
      ...(typeof operation === 'string' ? { operation: olderOperation(operation) } : {}),
      ...(typeof approval === 'string' ? { approval: picked(approval, known.approval) } : {}),
    };
  }
  if (typeof targetId === 'string') return { ...pick(row, known.target), partitionKey, rowKey };
  // The policy in force, tenants and durations were not remembered; limits and sweeps were, in the same way.
  const isNewer = rowKey === 'policy' || partitionKey === 'tenants' || partitionKey === 'durations';
  return isNewer ? undefined : row;
}

function olderOperation(text: string): string {
  const operation = JSON.parse(text) as { readonly ticket?: Json; readonly ending?: Json };
  const { ticket, ending } = operation;
  return JSON.stringify({
    ...pick(operation, known.operation),
    ...(ticket === undefined ? {} : { ticket: pick(ticket, known.ticket) }),
    ...(ending === undefined ? {} : { ending: pick(ending, known.ending) }),
  });
}

function picked(text: string, fields: readonly string[]): string {
  return JSON.stringify(pick(JSON.parse(text) as Json, fields));
}

function pick(from: Json, fields: readonly string[]): Json {
  return Object.fromEntries(Object.entries(from).filter(([name]) => fields.includes(name)));
}
