import { armError, type LocalResponse } from '../http/message';
import type { Principal } from './principals';

/** Whose subscription is whose. A subscription that nobody planted belongs to the home tenant. */
export interface Tenants {
  /** The tenant of the app, and of everybody who is not said to be of another one. */
  readonly home: string;
  /** By tenant: the subscriptions that were planted. */
  readonly foreign: Readonly<Record<string, readonly string[]>>;
  tenantOf(subscriptionId: string): string;
  /** From now on these subscriptions are the tenant's; planting them for the home tenant brings them home. */
  assign(tenantId: string, subscriptions: readonly string[]): void;
  clear(): void;
}

/** Microsoft's tenant in which the endpoints of its own services were seen ("MS Azure Cloud"). */
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

/** The tenant that answers for a path: of the subscription in it, the home tenant above all subscriptions. */
export function tenantOfPath(tenants: Tenants, pathname: string): string {
  const [, subscriptionId] = /^\/subscriptions\/([^/]+)/i.exec(pathname) ?? [];
  return subscriptionId === undefined ? tenants.home : tenants.tenantOf(subscriptionId);
}

/** True when the subscription belongs to another tenant than the caller. */
export function isForeign(tenants: Tenants, { tenantId }: Principal, subscriptionId: string): boolean {
  return tenants.tenantOf(subscriptionId) !== (tenantId ?? tenants.home);
}

/** Where to get a token that would do: the header of every 401. */
export function challengeOf(tenantId: string, description: string): string {
  const text = description.replace(/"/g, "'");
  return `Bearer authorization_uri="https://login.windows.net/${tenantId}", error="invalid_token", error_description="${text}"`;
}

/** ARM's answer to a good token of another tenant. It names both tenants, whoever asks. */
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
