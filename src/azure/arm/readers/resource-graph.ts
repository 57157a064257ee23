import * as z from '../../../base/schema/schema';
import { ArmError } from '../../../base/errors';
import { targetIdFrom } from '../../../connections/resource-id';
import type { ConnectionFinder, FindQuery, FoundConnection } from '../../../review/sweep/connection-finder';
import type { ArmClient } from '../client';
import { graphRows } from './graph-query';

/** The maximum number of subscriptions in one query. */
const subscriptionsPerQuery = 1000;

/** Reports a search result that cannot be parsed. */
export type ReportMalformed = (problem: string) => void;

/**
 * Creates a finder that uses Resource Graph, through `@azure/arm-resourcegraph`. One identity may send 15
 * queries in 5 seconds; when they are used up, the search pauses until the quota is back. @throws ArmError
 * ARM_THROTTLED while searching, when ARM refuses a page all the same.
 */
export function createResourceGraphFinder(
  arm: ArmClient,
  report: ReportMalformed = () => undefined,
): ConnectionFinder {
  return {
    async *find(query) {
      if (query.statuses.length === 0 || query.types.length === 0) return;
      for (const subscriptions of scopesOf(query.subscriptions)) {
        yield* findIn({ arm, report }, { ...query, subscriptions });
      }
    },
  };
}

/** Splits the subscriptions into queries; a single empty list stands for all that the identity can read. */
function scopesOf(subscriptions: readonly string[]): readonly (readonly string[])[] {
  const count = Math.max(1, Math.ceil(subscriptions.length / subscriptionsPerQuery));
  return Array.from({ length: count }, (_, index) =>
    subscriptions.slice(index * subscriptionsPerQuery, (index + 1) * subscriptionsPerQuery),
  );
}

interface Finding {
  readonly arm: ArmClient;
  readonly report: ReportMalformed;
}

async function* findIn({ arm, report }: Finding, query: FindQuery): AsyncGenerator<FoundConnection> {
  const text = sweepQuery(query.types, query.statuses);
  const rows = graphRows(arm, { text, subscriptions: query.subscriptions });
  for await (const row of rows) yield* foundFrom(row, report);
}

const rowSchema = z.object({
  targetId: z.string(),
  status: z.string(),
  connectionId: z.nullish(z.string()),
});

function* foundFrom(row: unknown, report: ReportMalformed): Generator<FoundConnection> {
  const parsed = rowSchema.safeParse(row);
  const targetId = parsed.success ? targetIdFrom(parsed.data.targetId) : undefined;
  if (parsed.success && targetId !== undefined) {
    yield { targetId, status: parsed.data.status, connectionId: parsed.data.connectionId || undefined };
    return;
  }
  report('Resource Graph listed a connection without a readable target');
}

/**
 * The maximum number of connections to expand of one target; Resource Graph's default is 128, and its limit
 * this.
 */
const connectionsPerTarget = 400;

/**
 * Builds the query of the sweep. All columns are text and the order is total, because Resource Graph pages
 * only over such results; older paging rules also require `id`.
 */
export function sweepQuery(types: readonly string[], statuses: readonly string[]): string {
  return [
    'resources',
    `| where type in~ (${types.map(quoted).join(', ')})`,
    `| mv-expand connection = properties.privateEndpointConnections limit ${connectionsPerTarget}`,
    '| extend status = tostring(connection.properties.privateLinkServiceConnectionState.status)',
    `| where status in~ (${statuses.map(quoted).join(', ')})`,
    '| project id, targetId = tostring(id), connectionId = tostring(connection.id), status',
    '| order by id asc, connectionId asc',
  ].join('\n');
}

const controlPattern = /[\p{C}\p{Zl}\p{Zp}]/u;

/** Quotes a KQL string literal. @throws ArmError ARM_REFUSED for control characters, which no status has. */
function quoted(text: string): string {
  if (controlPattern.test(text)) {
    throw new ArmError('ARM_REFUSED', 'A status with control characters cannot be searched for');
  }
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
