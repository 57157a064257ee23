import type { Decision } from '../../policy/decision';
import type { EndpointFacts, Facts } from '../../policy/facts/facts';
import { knownMicrosoftTenants } from '../../policy/facts/microsoft-tenants';
import type { CaseFile, PolicyCase } from './policy-cases';

/** Result of trying an approved case again with strangers. */
export interface StrangerResult {
  readonly about: PolicyCase;
  /**
   * The first stranger that was approved, not only by rules with `approvesAnyone`; `undefined` if
   * none was.
   */
  readonly approved:
    { readonly who: string; readonly subscription: string; readonly decision: Decision } | undefined;
}

/** What is known about the policy and its author. */
export interface StrangerOptions {
  /** Names of the rules that state `approvesAnyone: true`. */
  readonly approvesAnyone: ReadonlySet<string>;
  /** Text of the policy and its cases. No stranger's subscription occurs in it. */
  readonly written: readonly string[];
}

/**
 * Tries every approved case again, from subscriptions that the author does not know. Such a
 * stranger copies the message, the tags and all names, or names resources after the approved
 * subscription. Pure.
 */
export function tryStrangers(
  files: readonly CaseFile[],
  options: StrangerOptions,
): readonly StrangerResult[] {
  const written = options.written.join('\n').toLowerCase();
  return files.flatMap(({ policy, cases }) =>
    cases
      .filter(({ facts, now }) => policy.decide(facts, now)?.effect === 'approve')
      .map((about): StrangerResult => {
        const strangers = strangersLike(about.facts, written);
        const attempts = strangers.map(({ who, facts }) => ({
          who,
          facts,
          decision: policy.decide(facts, about.now),
        }));
        for (const { who, facts, decision } of attempts) {
          if (
            decision?.effect !== 'approve' ||
            decision.rules.every((rule) => options.approvesAnyone.has(rule))
          )
            continue;
          const subscription = facts.endpoint?.subscriptionId ?? '';
          return { about, approved: { who, subscription, decision } };
        }
        return { about, approved: undefined };
      }),
  );
}

interface Stranger {
  readonly who: string;
  readonly facts: Facts;
}

function strangersLike(facts: Facts, written: string): readonly Stranger[] {
  const known = facts.endpoint ?? unknownEndpoint;
  const { subscriptionId: own } = known;
  const isFree = (id: string): boolean =>
    !written.includes(id) && ![own, facts.target.subscriptionId].some((other) => other.toLowerCase() === id);
  const free = (make: (digit: string) => string): string =>
    Array.from('0123456789abcdef')
      .map((digit) => make(digit).toLowerCase())
      .find(isFree) ?? make('f');
  const madeUp = free((digit) => `5eed0000-0000-4000-8000-00000000000${digit}`);
  const named = { ...known, resourceGroup: own, name: own };
  const copied = movedTo(facts, known, madeUp);
  return [
    { who: 'with everything else copied', facts: copied },
    ...throughMicrosoft(copied),
    {
      who: 'with a resource group and an endpoint named after the approved subscription',
      facts: movedTo(facts, named, madeUp),
    },
    {
      who: 'whose id begins like the approved one',
      facts: movedTo(
        facts,
        known,
        free((digit) => own.slice(0, -1) + digit),
      ),
    },
    {
      who: 'whose id ends like the approved one',
      facts: movedTo(
        facts,
        known,
        free((digit) => digit + own.slice(1)),
      ),
    },
  ];
}

const unknownEndpoint: EndpointFacts = {
  id: '',
  subscriptionId: '11111111-1111-1111-1111-111111111111',
  resourceGroup: 'rg-endpoint',
  name: 'pe-1',
};

/** The tenant of strangers: no policy names it. */
const strangersTenant = '5eed0000-0000-4000-8000-000000000000';

/** A stranger who lets a service of Microsoft make the endpoint, if the case states whose tenant asks. */
function throughMicrosoft(copied: Facts): readonly Stranger[] {
  const { endpoint } = copied;
  const [tenantId] = knownMicrosoftTenants;
  if (endpoint?.tenant === undefined) return [];
  const facts = { ...copied, endpoint: { ...endpoint, tenantId, tenant: 'microsoft' as const } };
  return [{ who: 'whose endpoint a service of Microsoft makes', facts }];
}

function movedTo(facts: Facts, endpoint: EndpointFacts, subscriptionId: string): Facts {
  const { resourceGroup, name, subnetId, virtualNetworkId } = endpoint;
  const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Network/privateEndpoints/${name}`;
  const moved = (text: string | undefined): string | undefined =>
    text?.replace(/^\/subscriptions\/[^/]*/i, `/subscriptions/${subscriptionId}`);
  const networks = { subnetId: moved(subnetId), virtualNetworkId: moved(virtualNetworkId) };
  // Facts that a case does not state stay absent: a rule that reads them cannot match anyway.
  const tenant =
    endpoint.tenantId === undefined && endpoint.tenant === undefined
      ? {}
      : { tenantId: strangersTenant, tenant: 'other' as const };
  return {
    ...facts,
    requester: undefined,
    expected: undefined,
    endpoint: { ...endpoint, id, subscriptionId, ...networks, ...tenant },
  };
}
