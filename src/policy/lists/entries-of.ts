import { lower } from '../../base/compare';
import type { SubscriptionDetails } from '../../connections/subscription-reader';
import { type ListReading } from './list-state';
import { snapshotOf } from './list-snapshot';
import { listBounds, type ListSource } from './managed-list';

/** A management group that the identity can read. */
export interface ManagementGroup {
  /** Its id, unique in its tenant; never its display name. */
  readonly name: string;
  /** A GUID in lower case. */
  readonly tenantId: string;
}

/** What was read of Azure for all lists. */
export interface ListSources {
  /** Every management group that the identity can read. */
  readonly groups: readonly ManagementGroup[];
  /** Every subscription that the identity can read, of whatever tenant. */
  readonly subscriptions: readonly SubscriptionDetails[];
  /** When the subscriptions were read, in ISO 8601. */
  readonly readAt: string;
}

/**
 * Finds the entries of a list. The management group itself must be visible, because what the
 * identity may not read is left out without a sign. Subscriptions of other tenants, which customers
 * delegate, are no entries. Pure.
 */
export function readingOf(source: ListSource, { groups, subscriptions, readAt }: ListSources): ListReading {
  const group = lower(source.group);
  const tenants = new Set(groups.filter(({ name }) => lower(name) === group).map(({ tenantId }) => tenantId));
  const [tenantId] = tenants;
  if (tenantId === undefined) return unread(`the management group ${source.group} is not visible`);
  if (tenants.size > 1) return unread(`management groups of two tenants have the id ${source.group}`);
  const found = subscriptions.filter(
    (subscription) =>
      subscription.tenantId === tenantId &&
      subscription.managementGroups.some((name) => lower(name) === group) &&
      hasTags(subscription, source),
  );
  if (found.length > listBounds.entries)
    return unread(`${found.length} subscriptions are more than the limit of ${listBounds.entries}`);
  const entries = found.map(({ subscriptionId }) => subscriptionId);
  return { kind: 'whole', snapshot: snapshotOf({ tenantId, entries, readAt }) };
}

function unread(problem: string): ListReading {
  return { kind: 'failed', problem };
}

function hasTags({ tags }: SubscriptionDetails, source: ListSource): boolean {
  return Object.entries(source.tags).every(([name, wanted]) => {
    const values = Object.entries(tags).filter(([other]) => lower(other) === lower(name));
    // Two tags whose names differ only in case do not say which one counts.
    return values.length === 1 && values[0]?.[1] === wanted;
  });
}
