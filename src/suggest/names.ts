import type { LearnedRule } from './learn/rule';
import { dimensionOfKind, type Problem, targetDimensionAt } from './problem/problem';
import { hasCell } from './learn/cover';
import { coverOf } from './learn/coverage';
import type { RequesterKind } from './problem/dimensions';
import type { SuggestedRule } from './print/named-rule';

/** Replaces numbers by texts, and gives each rule a name of its own. Keeps the order. */
export function namedRules(problem: Problem, rules: readonly LearnedRule[]): readonly SuggestedRule[] {
  const taken = new Set<string>();
  return rules.map((learned) => {
    const { requester, target } = learned;
    const dimension = dimensionOfKind(problem, requester.kind);
    const texts = requester.values.map((value) => dimension.texts[value] ?? '');
    const conditions = target.map(({ dimension: number, values, negated }) => {
      const { fact, texts: all } = targetDimensionAt(problem, number);
      return { fact, texts: values.map((value) => all[value] ?? ''), negated };
    });
    const rule = { requester: { kind: requester.kind, texts }, target: conditions };
    const cover = coverOf(problem, learned);
    const approvals = problem.cells.approved.reduce(
      (sum, approved, cell) => sum + (hasCell(cover, cell) ? approved : 0),
      0,
    );
    return { ...rule, name: freeName(nameOf(rule), taken), approvals };
  });
}

const longestName = 48;

function freeName(wanted: string, taken: Set<string>): string {
  const name = wanted.slice(0, longestName).replace(/-+$/, '');
  let free = name;
  for (let next = 2; taken.has(free); next++) free = `${name}-${next}`;
  taken.add(free);
  return free;
}

const words: Readonly<Record<RequesterKind, string>> = {
  tenant: 'own-tenant',
  sameSubscription: 'same-subscription',
  groups: 'group',
  subscriptions: 'subscriptions',
  ownSubscriptions: 'own-subscriptions',
  networks: 'networks',
  peeredNetworks: 'peered-networks',
  resources: 'managed-resources',
  outsideSubscriptions: 'outside-subscriptions',
  outsideTenants: 'outside-tenants',
};

function nameOf({ requester, target }: Pick<SuggestedRule, 'requester' | 'target'>): string {
  const [group] = requester.texts;
  const who = requester.kind === 'groups' ? [words.groups, slug(group ?? '')] : [words[requester.kind]];
  const what = target.map(({ fact, texts, negated }) => {
    const value = slug(texts[0] ?? '');
    if (fact.kind === 'tag') return [negated ? 'not' : '', slug(fact.tag), value].filter(Boolean).join('-');
    return fact.kind === 'service' ? value : slug(fact.kind);
  });
  return [...who, ...what].filter(Boolean).join('-') || 'rule';
}

/** Returns letters, digits and dashes of a text, at most 24. */
function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 24)
    .replace(/^-+|-+$/g, '');
}
