import { armError, type LocalResponse } from '../http/message';
import type { Principal } from './principals';

/** The owners of subscriptions. A subscription that was never assigned belongs to the home tenant. */
export interface Tenants {
  /** The tenant of the app, and of every principal that names no other tenant. */
  readonly home: string;
  /** Assigned subscriptions by tenant. */
  readonly foreign: Readonly<Record<string, readonly string[]>>;
  tenantOf(subscriptionId: string): string;
  /** Assigns subscriptions to a tenant. Assigning them to the home tenant returns them. */
  assign(tenantId: string, subscriptions: readonly string[]): void;
  clear(): void;
}

/** The Microsoft tenant that owns the endpoints of Microsoft's own services ("MS Azure Cloud"). */
export const microsoftTenantId = '33e01921-4d64-4f8c-a055-5bdaffd5e33d';

export function createTenants(home: string, seeded: Readonly<Record<string, readonly string[]>>): Tenants {
  const owners = new Map<string, string>();
  const tenants: Tenants = {
    home,
    get foreign() {
      const groups: Record<string, string[]> = {};
      for (const [subscription, tenant] of owners) (groups[tenant] ??= []).push(subscription);
      return groups;
    },
    tenantOf: (subscriptionId) => owners.get(subscriptionId.toLowerCase()) ?? home,
    assign: (tenantId, subscriptions) => {
      for (const subscription of subscriptions) {
        if (tenantId === home) owners.delete(subscription.toLowerCase());
        else owners.set(subscription.toLowerCase(), tenantId);
      }
    },
    clear: () => owners.clear(),
  };
  for (const [tenantId, subscriptions] of Object.entries(seeded)) tenants.assign(tenantId, subscriptions);
  return tenants;
}

/**
 * Returns the tenant that serves a path: the owner of its subscription, or the home tenant above
 * subscriptions.
 */
export function tenantOfPath(tenants: Tenants, pathname: string): string {
  const [, subscriptionId] = /^\/subscriptions\/([^/]+)/i.exec(pathname) ?? [];
  return subscriptionId === undefined ? tenants.home : tenants.tenantOf(subscriptionId);
}

/** Returns whether the subscription belongs to a tenant other than the caller's. */
export function isForeign(tenants: Tenants, { tenantId }: Principal, subscriptionId: string): boolean {
  return tenants.tenantOf(subscriptionId) !== (tenantId ?? tenants.home);
}

/** Returns the `www-authenticate` header of a 401, which says where to get a valid token. */
export function challengeOf(tenantId: string, description: string): string {
  const text = description.replace(/"/g, "'");
  return `Bearer authorization_uri="https://login.windows.net/${tenantId}", error="invalid_token", error_description="${text}"`;
}

/**
 * Returns ARM's response to a valid token of another tenant. The response names both tenants to any caller.
 */
export function wrongTenant(tokenTenant: string, subscriptionTenant: string): LocalResponse {
  const message =
    `The access token is from the wrong issuer 'https://sts.windows.net/${tokenTenant}/'. It must match the tenant ` +
    `'https://sts.windows.net/${subscriptionTenant}/' associated with this subscription. Please use the authority (URL) ` +
    `'https://login.windows.net/${subscriptionTenant}' to get the token. Note, if the subscription is transferred to ` +
    'another tenant there is no impact to the services, but information about new tenant could take time to propagate ' +
    '(up to an hour). If you just transferred your subscription and see this error message, please try back later.';
  return armError(401, 'InvalidAuthenticationTokenTenant', message, {
    'www-authenticate': challengeOf(subscriptionTenant, wrongIssuer),
    'x-ms-failure-cause': 'gateway',
  });
}

const wrongIssuer =
  'The access token is from the wrong issuer. It must match the tenant associated with this subscription. ' +
  'Please use correct authority to get the token.';
