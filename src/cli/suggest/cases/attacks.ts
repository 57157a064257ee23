import type { EndpointFacts, Facts } from '../../../policy/facts/facts';
import { knownMicrosoftTenants } from '../../../policy/facts/microsoft-tenants';
import type { SuggestedRule } from '../../../suggest/print/named-rule';

/** Facts that must not be approved, and what the attack is. */
export interface Attack {
  readonly name: string;
  readonly facts: Facts;
}

/** The tenant of strangers: nobody's. */
const strangersTenant = '5eed0000-0000-4000-8000-000000000000';

/**
 * Makes up attacks on a rule from one of its examples, which it approves: strangers who copy everything that a requester can
 * choose, and look-alikes of what the rule requires.
 *
 * @param stranger a subscription that is nobody's in the estate
 */
export function strangersLike(rule: SuggestedRule, facts: Facts, stranger: string): readonly Attack[] {
  const { endpoint } = facts;
  if (endpoint === undefined) return [];
  const moved = movedTo(endpoint, stranger);
  const foreign = { ...moved, tenantId: strangersTenant, tenant: 'other' as const };
  const [microsoft] = knownMicrosoftTenants;
  return [
    {
      name: `attack on ${rule.name}: a stranger of another tenant copies every name`,
      facts: { ...facts, endpoint: foreign, requester: undefined },
    },
    {
      name: `attack on ${rule.name}: a service of Microsoft makes the endpoint for a stranger`,
      facts: {
        ...facts,
        endpoint: { ...moved, tenantId: microsoft, tenant: 'microsoft' },
        requester: undefined,
      },
    },
    {
      name: `attack on ${rule.name}: nobody knows whose subscription asks, and every name is the same`,
      facts: {
        ...facts,
        endpoint: { ...moved, tenantId: undefined, tenant: undefined },
        requester: undefined,
      },
    },
  ];
}

/**
 * Makes up look-alikes of what a rule requires: a group whose id only begins like ours, a network or resource of the same name
 * elsewhere, a target without the tag. Another rule may approve some of them rightly.
 */
export function lookAlikesOf(rule: SuggestedRule, facts: Facts, stranger: string): readonly Attack[] {
  const about = `attack on ${rule.name}:`;
  return [...requesterLookAlikes(rule, facts, stranger), ...targetLookAlikes(rule, facts)].map(
    ({ name, facts: changed }) => ({ name: `${about} ${name}`, facts: changed }),
  );
}

function requesterLookAlikes(
  { requester: part }: SuggestedRule,
  facts: Facts,
  stranger: string,
): readonly Attack[] {
  const { endpoint, requester } = facts;
  if (endpoint === undefined) return [];
  const renamed = (texts: readonly string[]): string[] => texts.map((text) => `${text}-of-others`);
  switch (part.kind) {
    case 'groups': {
      const managementGroups = renamed(requester?.managementGroups ?? []);
      return [
        {
          name: 'management groups whose ids only begin like ours',
          facts: { ...facts, requester: requester && { ...requester, managementGroups } },
        },
      ];
    }
    case 'networks': {
      const virtualNetworkId = idElsewhere(endpoint.virtualNetworkId, stranger);
      return [
        {
          name: 'a network of the same name in another subscription',
          facts: { ...facts, endpoint: { ...endpoint, virtualNetworkId } },
        },
      ];
    }
    case 'peeredNetworks': {
      const peeredNetworks = endpoint.peeredNetworks?.map((id) => idElsewhere(id, stranger) ?? '');
      return [
        {
          name: 'a peered network of the same name in another subscription',
          facts: { ...facts, endpoint: { ...endpoint, peeredNetworks } },
        },
      ];
    }
    case 'resources': {
      const id = idElsewhere(requester?.id, stranger) ?? '';
      return [
        {
          name: 'a resource of the same name in another subscription',
          facts: { ...facts, requester: requester && { ...requester, id, subscriptionId: stranger } },
        },
      ];
    }
    default:
      return [];
  }
}

function targetLookAlikes({ target: parts }: SuggestedRule, facts: Facts): readonly Attack[] {
  const { target } = facts;
  return parts.flatMap(({ fact, texts }): readonly Attack[] => {
    if (fact.kind !== 'tag') return [];
    const [text = ''] = texts;
    const withTag = (value: string | undefined): Facts => ({
      ...facts,
      target: {
        ...target,
        tags: value === undefined ? undefined : { ...target.tags, [tagOf(target.tags, fact.tag)]: value },
      },
    });
    return [
      { name: `a target whose tags could not be read, for ${fact.tag}`, facts: withTag(undefined) },
      { name: `a target whose tag ${fact.tag} only begins like ours`, facts: withTag(`${text}-of-others`) },
    ];
  });
}

/** Returns the tag's name as the target spells it. */
function tagOf(tags: Readonly<Record<string, string>> | undefined, name: string): string {
  return Object.keys(tags ?? {}).find((each) => each.toLowerCase() === name) ?? name;
}

function movedTo(endpoint: EndpointFacts, subscriptionId: string): EndpointFacts {
  return {
    ...endpoint,
    id: idElsewhere(endpoint.id, subscriptionId) ?? '',
    subscriptionId,
    virtualNetworkId: idElsewhere(endpoint.virtualNetworkId, subscriptionId),
    peeredNetworks: undefined,
  };
}

function idElsewhere(id: string | undefined, subscriptionId: string): string | undefined {
  return id?.replace(/^\/subscriptions\/[^/]*/i, `/subscriptions/${subscriptionId}`);
}
