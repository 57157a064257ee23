import type { ResourceGraphClient } from '@azure/arm-resourcegraph';
import * as z from '../../../base/schema/schema';
import { anyList } from '../../../base/schema/bounded-list';
import { ArmError } from '../../../base/errors';
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
/** The maximum number of pages: a million rows. More is a loop. */
const maxPages = 1000;

/** A query of Resource Graph. All its columns must be text and its order total, or it cannot be paged. */
export interface GraphQuery {
  readonly text: string;
  /** Empty: all that the identity can read. */
  readonly subscriptions: readonly string[];
}

/**
 * Yields all rows of a query, page by page. One identity may send 15 queries in 5 seconds; when they are used up,
 * the reading pauses until the quota is back. @throws ArmError ARM_THROTTLED when ARM refuses a page all the same;
 * ARM_REFUSED when subscriptions were left out, ARM_UNREADABLE when rows were.
 */
export async function* graphRows(arm: ArmClient, query: GraphQuery): AsyncGenerator {
  let skipToken: string | undefined;
  for (let pages = 0; pages < maxPages; pages += 1) {
    const here = skipToken;
    const reply = await awaitQuota(() => readAgain(() => askGraph(arm, query, here)), arm.clock);
    assertAllSubscriptions(reply);
    const page = parsePage(reply);
    yield* page.data;
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
async function askGraph(arm: ArmClient, query: GraphQuery, skipToken: string | undefined): Promise<ArmReply> {
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
      query: query.text,
      ...(query.subscriptions.length === 0 ? {} : { subscriptions: [...query.subscriptions] }),
      options: {
        resultFormat: 'objectArray',
        top: pageSize,
        ...(skipToken === undefined ? {} : { skipToken }),
      },
    }),
  );
}

const pageSchema = z.pipe(
  z.object({
    data: anyList(pageSize * 5),
    $skipToken: z.nullish(z.string()),
    resultTruncated: z.nullish(z.union([z.string(), z.boolean()])),
  }),
  z.transform(({ data, $skipToken, resultTruncated }) => ({
    data,
    skipToken: $skipToken,
    truncated: String(resultTruncated).toLowerCase() === 'true',
  })),
);

function parsePage(reply: ArmReply): z.infer<typeof pageSchema> {
  const page = pageSchema.safeParse(parseJson(reply.body));
  if (!page.success) throw malformed('The reply is not a result of Resource Graph', page.error);
  return page.data;
}
