import * as z from 'zod';
import { targetIdFrom, type TargetId } from '../../../connections/resource-id';
import type { TargetType } from '../../../connections/target-type';
import { ArmError } from '../../../base/errors';
import type { ConnectionFinder, FindQuery, FoundConnection } from '../../../review/sweep/connection-finder';
import type { ArmClient } from '../client';
import { listItems } from '../pages';
import type { ReportMalformed } from './resource-graph';

const resourcesApiVersion = '2021-04-01';
const subscriptionsApiVersion = '2022-12-01';

/**
 * Creates a finder that uses ARM's own list of each subscription's resources, one list for each type. It
 * needs no Resource Graph and does not lag, but it lists no connections: every target may have some. A
 * subscription costs one read for each type and page; ARM omits resources that the identity may not read.
 */
export function createProviderListFinder(
  arm: ArmClient,
  report: ReportMalformed = () => undefined,
): ConnectionFinder {
  return {
    async *find(query) {
      if (query.statuses.length === 0 || query.types.length === 0) return;
      for await (const subscriptionId of subscriptionsOf(arm, query.subscriptions, report)) {
        try {
          yield* findIn(arm, subscriptionId, query.types, report);
        } catch (error) {
          if (!(error instanceof ArmError) || query.onUnread === undefined) throw error;
          query.onUnread({ subscriptionId, error });
        }
      }
    },
  };
}

async function* findIn(
  arm: ArmClient,
  subscriptionId: string,
  types: FindQuery['types'],
  report: ReportMalformed,
): AsyncGenerator<FoundConnection> {
  for (const type of types) {
    const filter = encodeURIComponent(`resourceType eq '${type}'`);
    const path = `/subscriptions/${subscriptionId}/resources`;
    const url = `${arm.origin}${path}?$filter=${filter}&api-version=${resourcesApiVersion}`;
    for await (const item of listItems(arm, url)) {
      const targetId = askedFor(item, { subscriptionId, type });
      if (targetId === undefined) report(`ARM listed a resource with an unreadable id in a list of ${type}`);
      else yield { targetId };
    }
  }
}

const resourceSchema = z.object({ id: z.string() });

/**
 * Returns the target that an item names; `undefined` for an unreadable item, or one of another type or
 * subscription, which is found there.
 */
function askedFor(
  item: unknown,
  asked: { readonly subscriptionId: string; readonly type: TargetType },
): TargetId | undefined {
  const parsed = resourceSchema.safeParse(item);
  const target = parsed.success ? targetIdFrom(parsed.data.id) : undefined;
  const isInside = target?.subscriptionId.toLowerCase() === asked.subscriptionId.toLowerCase();
  return isInside && target?.type === asked.type ? target : undefined;
}

const subscriptionSchema = z.object({ subscriptionId: z.guid() });

/** Yields the named subscriptions, or all that the identity can read. */
async function* subscriptionsOf(
  arm: ArmClient,
  named: readonly string[],
  report: ReportMalformed,
): AsyncGenerator<string> {
  if (named.length > 0) return yield* named;
  const url = `${arm.origin}/subscriptions?api-version=${subscriptionsApiVersion}`;
  for await (const item of listItems(arm, url)) {
    const parsed = subscriptionSchema.safeParse(item);
    if (parsed.success) yield parsed.data.subscriptionId.toLowerCase();
    else report('ARM listed a subscription without a readable id');
  }
}
