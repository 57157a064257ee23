import { lower } from '../../base/compare';
import type { Facts, TenantKind } from './facts';

/**
 * Returns the facts with `endpoint.tenant`, as far as it is known whose the endpoint's tenant is. A
 * kind that the facts state, as those of a test case may, stays. `microsoftTenants`: GUIDs in lower
 * case. Pure.
 */
export function withTenantKind(facts: Facts, microsoftTenants: ReadonlySet<string>): Facts {
  const { endpoint, target } = facts;
  if (endpoint?.tenantId === undefined || endpoint.tenant !== undefined) return facts;
  const tenant = kindOf(lower(endpoint.tenantId), target.tenantId, microsoftTenants);
  return tenant === undefined ? facts : { ...facts, endpoint: { ...endpoint, tenant } };
}

function kindOf(
  tenantId: string,
  own: string | undefined,
  microsoftTenants: ReadonlySet<string>,
): TenantKind | undefined {
  if (own !== undefined && tenantId === lower(own)) return 'own';
  if (microsoftTenants.has(tenantId)) return 'microsoft';
  return own === undefined ? undefined : 'other';
}
