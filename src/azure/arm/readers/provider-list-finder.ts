import * as z from '../../../base/schema/schema';
import { targetIdFrom, type TargetId } from '../../../connections/resource-id';
import type { TargetType } from '../../../connections/target-type';
import { ArmError, isTransient } from '../../../base/errors';
import type { ConnectionFinder, FindQuery, FoundConnection } from '../../../review/sweep/connection-finder';
import type { ArmClient } from '../client';
import { listItems } from '../pages';
import type { ReportMalformed } from './resource-graph';

const resourcesApiVersion = '2021-04-01';
const subscriptionsApiVersion = '2022-12-01';

/** The types of one list: as many as a short URL can name. */
const typesPerList = 10;

/**
 * Creates a finder that uses ARM's own list of each subscription's resources, one list for ten types. It
 * needs no Resource Graph and does not lag, but it lists no connections: every target may have some. A
 * subscription costs one read for ten types and each page; ARM omits resources that the identity may not read.
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

/**
 * Finds the targets in a subscription. After a passing error the other lists are still read, so that no type waits for
 * another one to be readable. @throws ArmError the first passing error, in the end; any other at once.
 */
async function* findIn(
  arm: ArmClient,
  subscriptionId: string,
  types: FindQuery['types'],
  report: ReportMalformed,
): AsyncGenerator<FoundConnection> {
  let passing: ArmError | undefined;
  for (let start = 0; start < types.length; start += typesPerList) {
    const some = types.slice(start, start + typesPerList);
    try {
      yield* findSome(arm, subscriptionId, some, report);
    } catch (error) {
      if (!(error instanceof ArmError)) throw error;
      if (isTransient(error)) passing ??= error;
      else if (some.length > 1 && error.code === 'ARM_REFUSED')
        // A filter for several types is not refused by any ARM that is known; one for each costs reads alone.
        for (const type of some) yield* findSome(arm, subscriptionId, [type], report);
      else throw error;
    }
  }
  if (passing !== undefined) throw passing;
}

async function* findSome(
  arm: ArmClient,
  subscriptionId: string,
  types: FindQuery['types'],
  report: ReportMalformed,
): AsyncGenerator<FoundConnection> {
  const filter = encodeURIComponent(types.map((type) => `resourceType eq '${type}'`).join(' or '));
  const path = `/subscriptions/${subscriptionId}/resources`;
  const url = `${arm.origin}${path}?$filter=${filter}&api-version=${resourcesApiVersion}`;
  for await (const item of listItems(arm, url)) {
    const targetId = askedFor(item, { subscriptionId, types });
    if (targetId === undefined)
      report(`ARM listed a resource with an unreadable id in a list of ${types.join(', ')}`);
    else yield { targetId };
  }
}

const resourceSchema = z.object({ id: z.string() });

/**
 * Returns the target that an item names; `undefined` for an unreadable item, or one of another type or
 * subscription, which is found there.
 */
function askedFor(
  item: unknown,
  asked: { readonly subscriptionId: string; readonly types: readonly TargetType[] },
): TargetId | undefined {
  const parsed = resourceSchema.safeParse(item);
  const target = parsed.success ? targetIdFrom(parsed.data.id) : undefined;
  const isInside = target?.subscriptionId.toLowerCase() === asked.subscriptionId.toLowerCase();
  return isInside && asked.types.includes(target.type) ? target : undefined;
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
