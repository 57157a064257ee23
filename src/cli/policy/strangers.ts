import type { Decision } from '../../policy/decision';
import type { EndpointFacts, Facts } from '../../policy/facts/facts';
import type { CaseFile, PolicyCase } from './policy-cases';

/** An approving case that strangers asked again. */
export interface StrangerResult {
  readonly about: PolicyCase;
  /** The first stranger whom a rule approved that does not say so on purpose; `undefined` when none was. */
  readonly approved:
    { readonly who: string; readonly subscription: string; readonly decision: Decision } | undefined;
}

export interface StrangerOptions {
  /** Rules that approve whoever asks, on purpose. */
  readonly onPurpose: ReadonlySet<string>;
  /** All that the author wrote: no subscription in it is a stranger's. */
  readonly written: readonly string[];
}

/**
 * Asks every case that is approved again, from subscriptions that the author does not know. Such a stranger copies the
 * message, tags and all names, or gives his own things the name of the subscription that is let in. Pure.
 */
export function askStrangers(
  files: readonly CaseFile[],
  options: StrangerOptions,
): readonly StrangerResult[] {
  const written = options.written.join('\n').toLowerCase();
  return files.flatMap(({ policy, cases }) =>
    cases
      .filter(({ facts, now }) => policy.decide(facts, now)?.effect === 'approve')
      .map((about): StrangerResult => {
        const strangers = strangersLike(about.facts, written);
        const asked = strangers.map(({ who, facts }) => ({
          who,
          facts,
          decision: policy.decide(facts, about.now),
        }));
        for (const { who, facts, decision } of asked) {
          if (decision?.effect !== 'approve' || decision.rules.every((rule) => options.onPurpose.has(rule)))
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
  const known = facts.endpoint ?? nobody;
  const { subscriptionId: own } = known;
  const isFree = (id: string): boolean =>
    !written.includes(id) && ![own, facts.target.subscriptionId].some((other) => other.toLowerCase() === id);
  const free = (make: (digit: string) => string): string =>
    Array.from('0123456789abcdef')
      .map((digit) => make(digit).toLowerCase())
      .find(isFree) ?? make('f');
  const madeUp = free((digit) => `5eed0000-0000-4000-8000-00000000000${digit}`);
  const named = { ...known, resourceGroup: own, name: own };
  return [
    { who: 'with everything else copied', facts: askedFrom(facts, known, madeUp) },
    {
      who: 'with a group and an endpoint named like that subscription',
      facts: askedFrom(facts, named, madeUp),
    },
    {
      who: 'whose id begins alike',
      facts: askedFrom(
        facts,
        known,
        free((digit) => own.slice(0, -1) + digit),
      ),
    },
    {
      who: 'whose id ends alike',
      facts: askedFrom(
        facts,
        known,
        free((digit) => digit + own.slice(1)),
      ),
    },
  ];
}

const nobody: EndpointFacts = {
  id: '',
  subscriptionId: '11111111-1111-1111-1111-111111111111',
  resourceGroup: 'rg-endpoint',
  name: 'pe-1',
};

function askedFrom(facts: Facts, endpoint: EndpointFacts, subscriptionId: string): Facts {
  const { resourceGroup, name, subnetId, virtualNetworkId } = endpoint;
  const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Network/privateEndpoints/${name}`;
  const moved = (text: string | undefined): string | undefined =>
    text?.replace(/^\/subscriptions\/[^/]*/i, `/subscriptions/${subscriptionId}`);
  const networks = { subnetId: moved(subnetId), virtualNetworkId: moved(virtualNetworkId) };
  return { ...facts, endpoint: { ...endpoint, id, subscriptionId, ...networks } };
}
