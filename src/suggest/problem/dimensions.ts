import { compareText, lower } from '../../base/compare';
import { foldText } from '../../connections/fold-text';
import { knownMicrosoftSubscriptions } from '../../policy/facts/microsoft-subscriptions';
import type { Estate, KnownTarget } from '../estate/estate';
import type { Requester } from '../estate/observation';

/** The kinds of conditions about who asks. Each one alone keeps strangers out. */
export const requesterKinds = [
  'tenant',
  'sameSubscription',
  'groups',
  'subscriptions',
  'ownSubscriptions',
  'networks',
  'peeredNetworks',
  'resources',
  'outsideSubscriptions',
  'outsideTenants',
] as const;

export type RequesterKind = (typeof requesterKinds)[number];

/** The values of one fact, numbered in the order of their comparable spelling. */
export interface Values {
  /** As they are printed. */
  readonly texts: readonly string[];
  /** For each requester or target, the numbers of its values. */
  readonly of: readonly (readonly number[])[];
}

/** A kind of condition about who asks, with the values that the estate has. */
export interface RequesterDimension extends Values {
  readonly kind: RequesterKind;
}

/** A fact of targets that conditions may read. A target has at most one value. */
export interface TargetDimension {
  /** As they are printed. */
  readonly texts: readonly string[];
  /** For each target, the number of its value; -1: none. */
  readonly valueOf: Int32Array;
  /** A tag's name is in lower case. */
  readonly fact: TargetFact;
  /** For each target, whether the fact was read, even if it has no value: only then `!=` may match. */
  readonly wasRead: readonly boolean[];
}

export type TargetFact =
  | { readonly kind: 'service' | 'type' | 'subscription' | 'id' }
  | { readonly kind: 'tag'; readonly tag: string };

/** Returns the kinds of conditions about who asks for which the estate has values. */
export function requesterDimensions({ requesters }: Estate): readonly RequesterDimension[] {
  const origins = originsOf(requesters);
  return requesterKinds
    .map((kind) => ({ kind, ...valuesOf(requesters.map((requester) => textsOf(kind, requester, origins))) }))
    .filter(({ texts }) => texts.length > 0);
}

/** Whose subscription asks. `unknown`: the facts do not say. */
export type Origin = 'microsoft' | 'other' | 'own' | 'unknown';

const suspicion: readonly Origin[] = ['microsoft', 'other', 'own', 'unknown'];

/**
 * Returns whose each subscription is, by its id in lower case. If the facts contradict each other, the subscription is
 * nobody's own.
 */
export function originsOf(requesters: readonly Requester[]): ReadonlyMap<string, Origin> {
  const origins = new Map<string, Origin>();
  for (const { subscriptionId, tenant } of requesters) {
    const id = lower(subscriptionId);
    const origin = knownMicrosoftSubscriptions.has(id) ? 'microsoft' : (tenant ?? 'unknown');
    const before = origins.get(id) ?? 'unknown';
    if (suspicion.indexOf(origin) <= suspicion.indexOf(before)) origins.set(id, origin);
  }
  return origins;
}

function textsOf(
  kind: RequesterKind,
  requester: Requester,
  origins: ReadonlyMap<string, Origin>,
): readonly string[] {
  const origin = origins.get(lower(requester.subscriptionId));
  const isOutside = origin === 'other';
  switch (kind) {
    case 'tenant':
      return requester.tenant === 'own' ? ['own'] : [];
    case 'sameSubscription':
      return ['same'];
    case 'groups':
      return requester.managementGroups ?? [];
    case 'subscriptions':
      return isOutside || origin === 'microsoft' ? [] : [lower(requester.subscriptionId)];
    case 'ownSubscriptions':
      return requester.ownSubscriptionId === undefined ? [] : [lower(requester.ownSubscriptionId)];
    case 'networks':
      return requester.virtualNetworkId === undefined ? [] : [requester.virtualNetworkId];
    case 'peeredNetworks':
      return requester.tenant === 'own' ? (requester.peeredNetworks ?? []) : [];
    case 'resources':
      return requester.behind === undefined ? [] : [requester.behind.id];
    case 'outsideSubscriptions':
      return isOutside ? [lower(requester.subscriptionId)] : [];
    case 'outsideTenants':
      return isOutside && requester.tenantId !== undefined ? [lower(requester.tenantId)] : [];
  }
}

/**
 * Returns the ids of root groups, in lower case: those of the tenants. A rule for the root is a rule for the tenant, and
 * is better written as one.
 */
export function rootGroups({ requesters, targets }: Estate): ReadonlySet<string> {
  const tenants = [
    ...requesters.map(({ tenantId }) => tenantId),
    ...targets.map(({ facts }) => facts.tenantId),
  ];
  return new Set(tenants.flatMap((tenantId) => (tenantId === undefined ? [] : [lower(tenantId)])));
}

/** A tag that has a value of its own on nearly every target names targets, and is no class of them. */
const mostValuesOfTag = 200;

/** Returns the facts of targets that conditions may read. */
export function targetDimensions({ targets }: Estate): readonly TargetDimension[] {
  const tags = targets.map(({ facts }) => foldedTags(facts.tags));
  const names = [...new Set(tags.flatMap((each) => [...(each?.keys() ?? [])]))].sort(compareText);
  const plain = (['service', 'type', 'subscription', 'id'] as const).map((kind) => ({
    fact: { kind },
    ...singleValuesOf(targets.map((target) => plainText(kind, target))),
    wasRead: targets.map(() => true),
  }));
  const ofTags = names.map((tag): TargetDimension => {
    const texts = tags.map((each) => each?.get(tag));
    const wasRead = tags.map((each) => each !== undefined);
    return { fact: { kind: 'tag', tag }, ...singleValuesOf(texts, (value) => value), wasRead };
  });
  return [...plain, ...ofTags.filter(({ texts }) => texts.length <= mostValuesOfTag)].filter(
    ({ texts }) => texts.length > 0,
  );
}

function foldedTags(
  tags: Readonly<Record<string, string>> | undefined,
): ReadonlyMap<string, string> | undefined {
  return tags && new Map(Object.entries(tags).map(([name, value]) => [foldText(name), value]));
}

function plainText(kind: 'service' | 'type' | 'subscription' | 'id', target: KnownTarget): string {
  switch (kind) {
    case 'service':
      return target.service;
    case 'type':
      return target.facts.type;
    case 'subscription':
      return lower(target.facts.subscriptionId);
    case 'id':
      return target.facts.id;
  }
}

function singleValuesOf(
  all: readonly (string | undefined)[],
  keyOf?: (text: string) => string,
): Pick<TargetDimension, 'texts' | 'valueOf'> {
  const { texts, of } = valuesOf(
    all.map((text) => (text === undefined ? [] : [text])),
    keyOf,
  );
  return { texts, valueOf: Int32Array.from(of, ([value]) => value ?? -1) };
}

/** Numbers texts that are compared as `keyOf` says. Of several spellings, the first in alphabetical order is printed. */
function valuesOf(all: readonly (readonly string[])[], keyOf: (text: string) => string = foldText): Values {
  const spellings = new Map<string, string>();
  for (const text of all.flat()) {
    const key = keyOf(text);
    const before = spellings.get(key);
    if (before === undefined || text < before) spellings.set(key, text);
  }
  const keys = [...spellings.keys()].sort(compareText);
  const numbers = new Map(keys.map((key, number) => [key, number]));
  return {
    texts: keys.map((key) => spellings.get(key) ?? key),
    of: all.map((texts) => [...new Set(texts.flatMap((text) => numbers.get(keyOf(text)) ?? []))]),
  };
}
