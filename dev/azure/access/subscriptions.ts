import type { Tenants } from './tenants';

/** A management group: its id, which is unique in the tenant, and its display name, which is free text. */
export interface ManagementGroup {
  readonly name: string;
  readonly displayName: string;
}

/** Where a subscription lives, and what its owner calls it. */
export interface SubscriptionPlace {
  readonly name?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** The groups above it, nearest first, without the root. */
  readonly groups?: readonly ManagementGroup[] | undefined;
  /** Whether another tenant's owner has delegated it to the home tenant (Azure Lighthouse). */
  readonly isDelegated?: boolean | undefined;
}

/** The places of subscriptions. One that was never placed is below the root, without tags. */
export interface SubscriptionPlaces {
  /** All placed subscriptions. */
  readonly ids: readonly string[];
  of(subscriptionId: string): SubscriptionPlace;
  place(subscriptionId: string, place: SubscriptionPlace): void;
}

export function createSubscriptionPlaces(
  seeded: Readonly<Record<string, SubscriptionPlace>>,
): SubscriptionPlaces {
  const places = new Map<string, SubscriptionPlace>();
  const all: SubscriptionPlaces = {
    get ids() {
      return [...places.keys()];
    },
    of: (subscriptionId) => places.get(subscriptionId.toLowerCase()) ?? {},
    place: (subscriptionId, place) => void places.set(subscriptionId.toLowerCase(), place),
  };
  for (const [subscriptionId, place] of Object.entries(seeded)) all.place(subscriptionId, place);
  return all;
}

/** Returns the row of a subscription as Resource Graph projects it: every column is text. */
export function subscriptionRow(
  subscriptionId: string,
  { name = 'Local', tags, groups = [] }: SubscriptionPlace,
  tenants: Tenants,
): Readonly<Record<string, string>> {
  const tenantId = tenants.tenantOf(subscriptionId);
  const chain = [...groups, { name: tenantId, displayName: 'Tenant Root Group' }];
  return {
    id: `/subscriptions/${subscriptionId}`,
    subscriptionId: subscriptionId.toLowerCase(),
    name,
    tenantId,
    groups: JSON.stringify(chain.map(({ displayName, name: id }) => ({ displayName, name: id }))),
    tags: tags === undefined ? '' : JSON.stringify(tags),
  };
}

/** Returns the row of a management group as Resource Graph projects it. */
export function groupRow(
  name: string,
  tenantId: string,
): { readonly id: string; readonly name: string; readonly tenantId: string } {
  return { id: `/providers/Microsoft.Management/managementGroups/${name}`, name, tenantId };
}
