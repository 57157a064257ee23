import { celList, celText } from './cel-text';
import type { SuggestedRule } from './named-rule';

/** A rule as the policy states it. */
export interface RuleText {
  readonly name: string;
  /** Services or types; absent: all targets. */
  readonly targets: readonly string[] | undefined;
  readonly when: string;
  readonly reason: string;
  /** The lists that the condition reads. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
}

/** The most values that a condition states itself; more become a list of the policy. */
const mostInCondition = 4;
const longestInCondition = 300;

/** Collects the lists of one rule, and gives each a name that no other list of the policy has. */
class Lists {
  readonly named = new Map<string, readonly string[]>();

  constructor(
    private readonly rule: string,
    private readonly taken: Set<string>,
  ) {}

  /** Returns an expression for the texts, and adds a list if they are many. */
  expression(texts: readonly string[], what: string): string {
    const inline = celList(texts);
    if (texts.length <= mostInCondition && inline.length <= longestInCondition) return inline;
    const name = freeName(`${identifierFrom(this.rule)}${what}`, this.taken);
    this.named.set(name, texts);
    return `lists.${name}`;
  }

  /** Returns a test whether an expression is one of the texts. */
  oneOf(expression: string, texts: readonly string[], what: string): string {
    const [only, ...others] = texts;
    if (only !== undefined && others.length === 0) return `${expression} == ${celText(only)}`;
    return `${expression} in ${this.expression(texts, what)}`;
  }
}

/** Returns the wanted name, or one with a number that nobody has taken, and takes it. */
function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let next = 2; taken.has(name); next++) name = `${wanted}_${next}`;
  taken.add(name);
  return name;
}

/** Returns an identifier for a list, such as `groupCorp` for `group-corp`. */
function identifierFrom(name: string): string {
  return name.replace(/-+(.)/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * Prints rules. Facts that may be absent are checked first, so that no rule fails and holds what others approve. Lists have
 * different names.
 */
export function ruleTexts(rules: readonly SuggestedRule[]): readonly RuleText[] {
  const taken = new Set<string>();
  return rules.map((rule) => ruleText(rule, taken));
}

function ruleText({ name, requester, target, approvals }: SuggestedRule, taken: Set<string>): RuleText {
  const reason = `Learned from ${approvals} ${approvals === 1 ? 'approval' : 'approvals'} by people`;
  const lists = new Lists(name, taken);
  const typed = target.find(({ fact }) => fact.kind === 'service' || fact.kind === 'type');
  const others = target.filter((part) => part !== typed);
  const when = [requesterText(requester, lists), ...others.map((part) => targetText(part, lists))].join(
    ' && ',
  );
  return { name, targets: typed?.texts, when, reason, lists: lists.named };
}

function requesterText({ kind, texts }: SuggestedRule['requester'], lists: Lists): string {
  switch (kind) {
    case 'tenant':
      return ownTenant;
    case 'sameSubscription':
      return 'endpoint.subscriptionId == target.subscriptionId';
    case 'groups':
      return `has(requester.managementGroups) && ${someOf('requester.managementGroups', texts, lists)}`;
    case 'subscriptions':
    case 'outsideSubscriptions':
      return lists.oneOf('endpoint.subscriptionId', texts, '');
    case 'ownSubscriptions':
      return present('requester.subscriptionId', texts, lists);
    case 'networks':
      return present('endpoint.virtualNetworkId', texts, lists);
    case 'peeredNetworks':
      return `${ownTenant} && has(endpoint.peeredNetworks) && ${someOf('endpoint.peeredNetworks', texts, lists)}`;
    case 'resources':
      return present('requester.id', texts, lists);
    case 'outsideTenants':
      return present('endpoint.tenantId', texts, lists);
  }
}

const ownTenant = 'has(endpoint.tenant) && endpoint.tenant == "own"';

function present(fact: string, texts: readonly string[], lists: Lists): string {
  return `has(${fact}) && ${lists.oneOf(fact, texts, '')}`;
}

/** Tests whether a list has one of the texts. */
function someOf(fact: string, texts: readonly string[], lists: Lists): string {
  const [only, ...others] = texts;
  if (only !== undefined && others.length === 0) return `${celText(only)} in ${fact}`;
  return `${fact}.exists(each, each in ${lists.expression(texts, '')})`;
}

function targetText({ fact, texts, negated }: SuggestedRule['target'][number], lists: Lists): string {
  switch (fact.kind) {
    case 'service':
    case 'type':
      throw new TypeError('types are in the targets of a rule');
    case 'subscription':
      return lists.oneOf('target.subscriptionId', texts, 'TargetSubscriptions');
    case 'id':
      return lists.oneOf('target.id', texts, 'Targets');
    case 'tag':
      return tagText(fact.tag, { texts, negated, lists });
  }
}

/** Targets whose tags could not be read, or that have none, never match: what is not known does not approve. */
function tagText(
  tag: string,
  {
    texts,
    negated,
    lists,
  }: { readonly texts: readonly string[]; readonly negated: boolean; readonly lists: Lists },
): string {
  const name = celText(tag);
  const what = `Tag${tag.replace(/[^A-Za-z0-9]+/g, '').slice(0, 20)}`;
  const test = `${name} in target.tags && ${lists.oneOf(`target.tags[${name}]`, texts, what)}`;
  return negated ? `has(target.tags) && !(${test})` : `has(target.tags) && ${test}`;
}
