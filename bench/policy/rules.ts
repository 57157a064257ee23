import type { Effect } from '../../src/policy/decision';

/** One condition of a rule, in a form that can be translated for every engine. */
export type Atom =
  | { readonly kind: 'inList'; readonly list: string }
  | { readonly kind: 'notInList'; readonly list: string }
  | { readonly kind: 'locationIn'; readonly places: readonly string[] }
  | { readonly kind: 'tag'; readonly name: string; readonly value: string; readonly guarded: boolean }
  | { readonly kind: 'messageStarts'; readonly prefix: string }
  | { readonly kind: 'messageEmpty' }
  /** `pattern` is one of `patterns`. */
  | { readonly kind: 'messageMatches'; readonly pattern: string }
  /** `*` matches any characters. */
  | { readonly kind: 'networkLike'; readonly pattern: string }
  | { readonly kind: 'olderThan'; readonly hours: number }
  | { readonly kind: 'approvedAtLeast'; readonly count: number };

/** A rule that matches if all its atoms are true. They are tested from left to right. */
export interface BenchRule {
  readonly name: string;
  readonly effect: Effect;
  readonly atoms: readonly Atom[];
}

/**
 * The regular expressions by name. Cedar has none: its host matches them and passes the names that
 * matched.
 */
export const patterns: Readonly<Record<string, string>> = {
  change: 'CHG[0-9]{7}',
  incident: '^(INC|REQ)-[0-9]{4,8}',
  owner: 'owner=[a-z]+@contoso[.]com',
  urgent: 'urgent|asap|today',
};

/** The number of teams. */
export const teams = 20;
/** The regions. */
export const places = ['westeurope', 'northeurope', 'francecentral', 'swedencentral', 'eastus'] as const;
/** The values of the tag `env`. */
export const environments = ['prod', 'test', 'dev'] as const;

const listSize = 40;

/** Returns the subscription ids of one team. */
export function teamSubscriptions(team: number): readonly string[] {
  return Array.from({ length: listSize }, (_, index) => subscriptionId(team * listSize + index));
}

/** Returns the id of the subscription with a number. */
export function subscriptionId(number: number): string {
  return `${number.toString(16).padStart(8, '0')}-1111-4111-8111-111111111111`;
}

/** The lists of subscriptions by name. */
export const lists: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    Array.from({ length: teams }, (_, team) => [`team${team}`, teamSubscriptions(team)] as const),
  ),
  known: Array.from({ length: teams }, (_, team) => teamSubscriptions(team)).flat(),
};

/** Fifty rules as a platform team would write them. All apply to Pending connections. */
export const rules: readonly BenchRule[] = [
  ...Array.from({ length: teams }, (_, team) => teamRule(team)),
  ...Array.from({ length: 8 }, (_, team) => prefixRule(team)),
  ...Array.from({ length: 4 }, (_, hub) => networkRule(hub)),
  ...Object.keys(patterns).map(patternRule),
  ...[24, 48, 72, 168, 336].map(rejectRule),
  ...[1, 2, 3].map(crowdRule),
  ...[0, 1, 2, 3, 4, 5].map(holdRule),
];

function teamRule(team: number): BenchRule {
  const value = environments[team % 3]!;
  return {
    name: `team-${team}`,
    effect: 'approve',
    atoms: [
      { kind: 'inList', list: `team${team}` },
      { kind: 'tag', name: 'env', value, guarded: team % 2 === 0 },
    ],
  };
}

function prefixRule(team: number): BenchRule {
  return {
    name: `owner-${team}`,
    effect: 'approve',
    atoms: [
      { kind: 'tag', name: 'owner', value: `team-${team}`, guarded: team % 2 === 0 },
      { kind: 'messageStarts', prefix: `team-${team}:` },
    ],
  };
}

function networkRule(hub: number): BenchRule {
  return {
    name: `hub-${hub}`,
    effect: 'approve',
    atoms: [
      { kind: 'locationIn', places: [places[hub]!] },
      { kind: 'networkLike', pattern: `*/virtualnetworks/hub-${hub}` },
    ],
  };
}

function patternRule(pattern: string): BenchRule {
  const effect = pattern === 'urgent' ? 'hold' : 'approve';
  return {
    name: `message-${pattern}`,
    effect,
    atoms: [
      { kind: 'messageMatches', pattern },
      { kind: 'inList', list: 'known' },
    ],
  };
}

function rejectRule(hours: number): BenchRule {
  return {
    name: `silent-${hours}`,
    effect: hours < 100 ? 'reject' : 'delete',
    atoms: [{ kind: 'olderThan', hours }, { kind: 'notInList', list: 'known' }, { kind: 'messageEmpty' }],
  };
}

function crowdRule(step: number): BenchRule {
  return {
    name: `crowd-${step}`,
    effect: 'hold',
    atoms: [
      { kind: 'approvedAtLeast', count: 3 * step },
      { kind: 'tag', name: 'env', value: environments[step - 1]!, guarded: true },
    ],
  };
}

function holdRule(index: number): BenchRule {
  return {
    name: `frozen-${index}`,
    effect: 'hold',
    atoms: [
      { kind: 'tag', name: 'freeze', value: `wave-${index}`, guarded: true },
      { kind: 'locationIn', places: [places[index % 5]!, places[(index + 1) % 5]!] },
    ],
  };
}
