import * as z from '../../../base/schema/schema';
import { boundedList } from '../../../base/schema/bounded-list';
import { ArmError, hasCode } from '../../../base/errors';
import { isGuid } from '../../../base/guid';
import { tryParseJson } from '../../../base/json';
import type { SubscriptionDetails, SubscriptionReader } from '../../../connections/subscription-reader';
import type { ArmClient } from '../client';
import { graphRows } from './graph-query';
import type { ReportMalformed } from './resource-graph';

const subscriptionsApiVersion = '2022-12-01';

/**
 * Creates the reader of subscriptions. The tenant comes from a request without a token: it needs no right, and
 * nothing can leak. ARM answers 401 and names the tenant in the header. The list comes from Resource Graph.
 */
export function createArmSubscriptionReader(
  arm: ArmClient,
  report: ReportMalformed = () => undefined,
): SubscriptionReader {
  return {
    async readTenant(subscriptionId) {
      if (!isGuid(subscriptionId)) return undefined;
      const url = `${arm.origin}/subscriptions/${subscriptionId.toLowerCase()}?api-version=${subscriptionsApiVersion}`;
      try {
        await arm.send({ method: 'GET', url, isAnonymous: true });
        return undefined;
      } catch (error) {
        return tenantIn(error);
      }
    },
    async list(onUnreadable = () => undefined) {
      const found: SubscriptionDetails[] = [];
      for await (const row of graphRows(arm, { text: subscriptionsQuery, subscriptions: [] })) {
        const details = detailsFrom(row);
        if (details !== undefined) found.push(details);
        else {
          onUnreadable();
          report('Resource Graph listed a subscription that cannot be read');
        }
        if (found.length > mostSubscriptions)
          throw new ArmError('ARM_UNREADABLE', `There are more than ${mostSubscriptions} subscriptions`);
      }
      return found;
    },
  };
}

/** The most subscriptions that are read. Azure's largest customers are said to have some ten thousand. */
const mostSubscriptions = 50_000;

/** Lists subscriptions with the management groups above them. All columns are text, so that it can be paged. */
const subscriptionsQuery = [
  'resourcecontainers',
  "| where type =~ 'microsoft.resources/subscriptions'",
  '| project id, subscriptionId = tolower(subscriptionId), name, tenantId = tostring(tenantId), groups = tostring(properties.managementGroupAncestorsChain), tags = tostring(tags)',
  '| order by id asc',
].join('\n');

const guid = z.string().check(z.refine(isGuid), z.toLowerCase());
const rowSchema = z.object({
  subscriptionId: guid,
  name: z.string(),
  tenantId: guid,
  groups: jsonOf(boundedList(z.object({ name: z.string().check(z.minLength(1)) }))),
  tags: jsonOf(z.record(z.string(), z.string())),
});

/** A column of JSON; an empty text, or `null`, stands for nothing. */
function jsonOf<Schema extends z.ZodMiniType>(schema: Schema) {
  return z.pipe(
    z.pipe(
      z.nullish(z.string()),
      z.transform((text) => (text ? tryParseJson(text) : null)),
    ),
    z.nullable(schema),
  );
}

function detailsFrom(row: unknown): SubscriptionDetails | undefined {
  const { data } = rowSchema.safeParse(row);
  if (data === undefined) return undefined;
  const { groups, tags, ...known } = data;
  return { ...known, tags: tags ?? {}, managementGroups: (groups ?? []).map(({ name }) => name) };
}

/** Returns the tenant that a refusal names. @throws the error, if another attempt may get an answer. */
function tenantIn(error: unknown): string | undefined {
  if (!(error instanceof ArmError)) throw error;
  if (hasCode(error, 'ARM_UNAUTHENTICATED', 'ARM_FOREIGN_TENANT')) return error.tenantId;
  if (hasCode(error, 'ARM_NOT_FOUND', 'ARM_FORBIDDEN', 'ARM_REFUSED')) return undefined;
  throw error;
}
