import { foldText } from '../../connections/fold-text';
import { type Alternative, excludeEachOther, type Part } from './alternatives';
import { accessOf, type CelNode, literalText } from '../cel/ast';
import type { PolicyLists } from '../cel/environment';
import { precedence } from '../decide';
import { isFactRoot } from '../facts/fact-fields';
import { implies, type KnownRule, problemAt, ruleReference } from './known-rule';
import type { PolicyProblem } from '../policy';
import { shareTypes } from '../rule-types';

/**
 * Finds rules that undo each other endlessly: one approves Rejected connections, another rejects
 * Approved ones, and a connection can match both. Also finds rules whose every effect another rule
 * undoes immediately. Pure.
 */
export function undoneRules(rules: readonly KnownRule[], lists: PolicyLists): readonly PolicyProblem[] {
  const of = (effects: readonly string[], status: string): readonly KnownRule[] =>
    rules.filter(({ effect, statuses }) => effects.includes(effect) && statuses.includes(status));
  const acts = (rule: KnownRule, status: string): boolean => !isStopped(rule, status, rules);
  const [revivals, revocations] = [of(['approve'], 'rejected'), of(['reject', 'delete'], 'approved')];
  const cycles = revivals.flatMap((revival) => {
    const other = revocations.find(
      (revocation) =>
        revocation.effect === 'reject' &&
        acts(revival, 'rejected') &&
        acts(revocation, 'approved') &&
        canBothMatch(revival, revocation, lists),
    );
    if (other === undefined) return [];
    const message = `rule \`${revival.name}\` approves again what ${ruleReference(other)} rejects, and that rule rejects it again, endlessly: let no connection match both, or remove Rejected from \`on\``;
    return [{ members: [revival, other], problem: problemAt(revival, message) }];
  });
  const undone = rules.flatMap((rule) => {
    if (cycles.some(({ members }) => members.includes(rule))) return [];
    const against = rule.effect === 'approve' ? revocations : rule.effect === 'reject' ? revivals : [];
    const other = against.find((candidate) => candidate !== rule && implies(rule, candidate));
    if (other === undefined || !acts(other, rule.effect === 'approve' ? 'approved' : 'rejected')) return [];
    const message = `${ruleReference(other)} immediately undoes what rule \`${rule.name}\` does: every connection that matches this rule matches that one; keep one of them`;
    return [problemAt(rule, message)];
  });
  return [...cycles.map(({ problem }) => problem), ...undone];
}

/** Returns whether a stronger rule for the status matches whenever the rule does. */
function isStopped(rule: KnownRule, status: string, rules: readonly KnownRule[]): boolean {
  return rules.some(
    (other) =>
      other.statuses.includes(status) &&
      precedence.indexOf(other.effect) < precedence.indexOf(rule.effect) &&
      implies(rule, other),
  );
}

function canBothMatch(one: KnownRule, other: KnownRule, lists: PolicyLists): boolean {
  return (
    shareTypes(one.types, other.types) &&
    one.ways.some((way) =>
      other.ways.some((against) => !excludeEachOther(way, against) && !areApart(way, against, lists)),
    )
  );
}

/** Returns whether both require one fact to have values that it cannot have at the same time. */
function areApart(one: Alternative, other: Alternative, lists: PolicyLists): boolean {
  return one.some((part) =>
    other.some((against) => {
      const [first, second] = [constraintOf(part, lists), constraintOf(against, lists)];
      if (first === undefined || first.fact !== second?.fact) return false;
      if (first.negated && second.negated) return false;
      const [required, excluded] = first.negated ? [second, first] : [first, second];
      const isIn = (value: string): boolean => excluded.values.has(value);
      return excluded.negated ? [...required.values].every(isIn) : ![...required.values].some(isIn);
    }),
  );
}

export interface FactConstraint {
  readonly fact: string;
  readonly values: ReadonlySet<string>;
  readonly negated: boolean;
}

/**
 * Returns the values to which a part with `==`, `!=` or `in` limits a fact. Undefined for facts
 * that change with the status, because they do not keep two rules apart.
 */
export function constraintOf({ node, negated }: Part, lists: PolicyLists): FactConstraint | undefined {
  if (node.op !== '==' && node.op !== '!=' && node.op !== 'in') return undefined;
  const [left, right] = node.args;
  const fact = factOf(left) ?? (node.op === 'in' ? undefined : factOf(right));
  const values =
    node.op === 'in'
      ? entriesOf(right, lists)
      : texts([left, right].filter((side) => factOf(side) === undefined));
  if (fact === undefined || values === undefined) return undefined;
  return { fact, values: new Set(values.map(foldText)), negated: negated !== (node.op === '!=') };
}

const changing: ReadonlySet<string> = new Set([
  'connection.status',
  'connection.message',
  'connection.provisioningState',
]);

function factOf(node: CelNode): string | undefined {
  const access = accessOf(node);
  const path = access && `${access.root}.${access.field}`;
  if (path !== undefined)
    return access !== undefined && isFactRoot(access.root) && !changing.has(path) ? path : undefined;
  const [map, key] = node.op === '.' ? node.args : [];
  const tags = map && accessOf(map);
  return tags?.field === 'tags' && isFactRoot(tags.root)
    ? `${tags.root}.tags.${foldText(String(key))}`
    : undefined;
}

function entriesOf(node: CelNode, lists: PolicyLists): readonly string[] | undefined {
  if (node.op === 'list') return texts(node.args);
  const access = accessOf(node);
  const entries = access?.root === 'lists' ? lists.get(access.field) : undefined;
  return entries?.map(String);
}

function texts(nodes: readonly CelNode[]): readonly string[] | undefined {
  const all = nodes.map(literalText).filter((text) => text !== undefined);
  return all.length === nodes.length && all.length > 0 ? all : undefined;
}
