import type { Facts } from '../../../policy/facts/facts';
import { foldText } from '../../../connections/fold-text';
import { exportedFacts, type FactsInput } from '../../facts/facts-input';

/**
 * Reduces facts to those that a test case of a suggested policy states: ids, tenant, groups, networks, and of the target's
 * tags those that some rule reads. `tags`: names in lower case.
 */
export function caseFacts(facts: Facts, tags: ReadonlySet<string>): FactsInput {
  const { endpoint, requester, target } = exportedFacts(facts);
  return {
    endpoint: endpoint && {
      id: endpoint.id,
      ...stated({ subscriptionId: differing(endpoint.subscriptionId, endpoint.id) }),
      ...stated({
        tenantId: endpoint.tenantId,
        tenant: endpoint.tenant,
        virtualNetworkId: endpoint.virtualNetworkId,
        peeredNetworks: endpoint.peeredNetworks,
      }),
    },
    requester: requester && {
      ...(requester.how === 'endpoint' ? {} : { id: requester.id, type: requester.type, how: requester.how }),
      subscriptionId: requester.subscriptionId,
      ...stated({ managementGroups: requester.managementGroups }),
    },
    target: {
      id: target?.id,
      ...stated({ tenantId: target?.tenantId, tags: tagsOf(facts, tags) }),
    },
  };
}

/** Leaves out what is absent. */
function stated<Part extends object>(part: Part): Part {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as Part;
}

/** Returns a subscription's id only if the endpoint's id says another one. */
function differing(subscriptionId: string | undefined, id: string | undefined): string | undefined {
  const isSame = id?.toLowerCase().startsWith(`/subscriptions/${subscriptionId?.toLowerCase()}/`) === true;
  return isSame ? undefined : subscriptionId;
}

function tagsOf({ target }: Facts, names: ReadonlySet<string>): Record<string, string> | undefined {
  if (target.tags === undefined || names.size === 0) return undefined;
  return Object.fromEntries(
    Object.entries(target.tags)
      .map(([name, value]) => [foldText(name), value] as const)
      .filter(([name]) => names.has(name)),
  );
}
