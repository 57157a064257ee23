import type { ResourceGraphClient } from '@azure/arm-resourcegraph';
import * as z from 'zod';
import { anyList } from '../../../base/bounded-list';
import { ArmError } from '../../../base/errors';
import { targetIdFrom } from '../../../connections/resource-id';
import type { ConnectionFinder, FindQuery, FoundConnection } from '../../../review/sweep/connection-finder';
import { parseJson } from '../body';
import type { ArmClient, ArmReply } from '../client';
import { malformed } from '../connections/connection-body';
import {
  createOneShot,
  headersFrom,
  methodFrom,
  neutralBody,
  unsignedCredential,
} from '../connections/sdk-call';
import { awaitQuota, readAgain } from '../retry-read';
import { userAgent } from '../user-agent';

/** The size of a page, Resource Graph's own limit. */
const pageSize = 1000;
/** The maximum number of subscriptions in one query. */
const subscriptionsPerQuery = 1000;
/** The maximum number of pages: a million connections. More is a loop. */
const maxPages = 1000;

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
  let skipToken: string | undefined;
  for (let pages = 0; pages < maxPages; pages += 1) {
    const here = skipToken;
    const reply = await awaitQuota(() => readAgain(() => askGraph(arm, query, here)), arm.clock);
    assertAllSubscriptions(reply);
    const page = parsePage(reply);
    for (const row of page.data) yield* foundFrom(row, report);
    if (!page.skipToken) {
      assertWhole(page.truncated);
      return;
    }
    skipToken = page.skipToken;
  }
  throw new ArmError('ARM_UNREADABLE', `Resource Graph goes on beyond ${maxPages} pages`);
}

/** Checks that the last page is complete: a truncated page without a token would silently lose the rest. */
function assertWhole(truncated: boolean): void {
  if (truncated)
    throw new ArmError('ARM_UNREADABLE', 'Resource Graph truncated its answer and sent no token to continue');
}

/** Checks that no subscription was left out, which Resource Graph says in a header only. */
function assertAllSubscriptions({ headers }: ArmReply): void {
  if (headers.get('x-ms-tenant-subscription-limit-hit')?.toLowerCase() !== 'true') return;
  throw new ArmError(
    'ARM_REFUSED',
    'Resource Graph left subscriptions out; SWEEP_SUBSCRIPTIONS can name them',
  );
}

type GraphOptions = NonNullable<ConstructorParameters<typeof ResourceGraphClient>[1]>;
type GraphHttpClient = NonNullable<GraphOptions['httpClient']>;

/**
 * Sends one query. This SDK is of an older generation: it ignores `endpoint`, and has its own retries and its
 * own kind of HTTP client.
 */
async function askGraph(arm: ArmClient, query: FindQuery, skipToken: string | undefined): Promise<ArmReply> {
  const sdk = await import('@azure/arm-resourcegraph');
  const shot = createOneShot(arm);
  const httpClient: GraphHttpClient = {
    async sendRequest(request) {
      const body = typeof request.body === 'string' ? request.body : undefined;
      const headers = headersFrom((name) => request.headers.get(name));
      await shot.forward({ method: methodFrom(request.method), url: request.url, headers, body });
      return { request, status: 200, headers: request.headers.clone(), bodyAsText: neutralBody };
    },
  };
  const client = new sdk.ResourceGraphClient(unsignedCredential, {
    baseUri: arm.origin,
    httpClient,
    noRetryPolicy: true,
    redirectOptions: { handleRedirects: false },
    userAgent,
  });
  return shot.replyTo(() =>
    client.resources({
      query: sweepQuery(query.types, query.statuses),
      ...(query.subscriptions.length === 0 ? {} : { subscriptions: [...query.subscriptions] }),
      options: {
        resultFormat: 'objectArray',
        top: pageSize,
        ...(skipToken === undefined ? {} : { skipToken }),
      },
    }),
  );
}

const pageSchema = z
  .object({
    data: anyList(pageSize * 5),
    $skipToken: z.string().nullish(),
    resultTruncated: z.union([z.string(), z.boolean()]).nullish(),
  })
  .transform(({ data, $skipToken, resultTruncated }) => ({
    data,
    skipToken: $skipToken,
    truncated: String(resultTruncated).toLowerCase() === 'true',
  }));

function parsePage(reply: ArmReply): z.infer<typeof pageSchema> {
  const page = pageSchema.safeParse(parseJson(reply.body));
  if (!page.success) throw malformed('The reply is not a result of Resource Graph', page.error);
  return page.data;
}

const rowSchema = z.object({
  targetId: z.string(),
  status: z.string(),
  connectionId: z.string().nullish(),
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
