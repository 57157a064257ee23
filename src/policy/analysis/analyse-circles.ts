import { foldText } from '../../connections/fold-text';
import { type Alternative, excludeEachOther, type Part } from './alternatives';
import { accessOf, type CelNode, literalText } from '../cel/ast';
import type { PolicyLists } from '../cel/environment';
import { precedence } from '../decide';
import { isFactRoot } from '../facts/fact-fields';
import { implies, type KnownRule, problemAt, told } from './known-rule';
import type { PolicyProblem } from '../policy';

/**
 * Rules that undo each other: one approves Rejected connections, another rejects Approved ones, and a connection can meet
 * both, so that they write without end; and rules whose every answer another one undoes at once. Pure.
 */
export function undoneRules(rules: readonly KnownRule[], lists: PolicyLists): readonly PolicyProblem[] {
  const of = (effects: readonly string[], status: string): readonly KnownRule[] =>
    rules.filter(({ effect, statuses }) => effects.includes(effect) && statuses.includes(status));
  const acts = (rule: KnownRule, status: string): boolean => !isStopped(rule, status, rules);
  const [revivals, revocations] = [of(['approve'], 'rejected'), of(['reject', 'delete'], 'approved')];
  const circles = revivals.flatMap((revival) => {
    const other = revocations.find(
      (revocation) =>
        revocation.effect === 'reject' &&
        acts(revival, 'rejected') &&
        acts(revocation, 'approved') &&
        canMeet(revival, revocation, lists),
    );
    if (other === undefined) return [];
    const message = `rule \`${revival.name}\` approves again what ${told(other)} rejects, and that rejects it again, without end: let no connection meet both, or take Rejected out of \`on\``;
    return [{ members: [revival, other], problem: problemAt(revival, message) }];
  });
  const undone = rules.flatMap((rule) => {
    if (circles.some(({ members }) => members.includes(rule))) return [];
    const against = rule.effect === 'approve' ? revocations : rule.effect === 'reject' ? revivals : [];
    const other = against.find((candidate) => candidate !== rule && implies(rule, candidate));
    if (other === undefined || !acts(other, rule.effect === 'approve' ? 'approved' : 'rejected')) return [];
    const message = `what rule \`${rule.name}\` answers, ${told(other)} undoes at once: whatever meets the one meets the other; keep one of them`;
    return [problemAt(rule, message)];
  });
  return [...circles.map(({ problem }) => problem), ...undone];
}

/** Whether a stronger rule for the status answers whatever the rule would. */
function isStopped(rule: KnownRule, status: string, rules: readonly KnownRule[]): boolean {
  return rules.some(
    (other) =>
      other.statuses.includes(status) &&
      precedence.indexOf(other.effect) < precedence.indexOf(rule.effect) &&
      implies(rule, other),
  );
}

function canMeet(one: KnownRule, other: KnownRule, lists: PolicyLists): boolean {
  return one.ways.some((way) =>
    other.ways.some((against) => !excludeEachOther(way, against) && !areApart(way, against, lists)),
  );
}

/** Whether both ask one fact for values that it cannot have at once. */
function areApart(one: Alternative, other: Alternative, lists: PolicyLists): boolean {
  return one.some((part) =>
    other.some((against) => {
      const [wanted, given] = [wishOf(part, lists), wishOf(against, lists)];
      if (wanted === undefined || wanted.fact !== given?.fact) return false;
      if (wanted.negated && given.negated) return false;
      const [asked, excluded] = wanted.negated ? [given, wanted] : [wanted, given];
      const isIn = (value: string): boolean => excluded.values.has(value);
      return excluded.negated ? [...asked.values].every(isIn) : ![...asked.values].some(isIn);
    }),
  );
}

interface Wish {
  readonly fact: string;
  readonly values: ReadonlySet<string>;
  readonly negated: boolean;
}

/** What a part asks one fact to be: `==`, `!=` or `in`. Facts that change with the status do not keep rules apart. */
function wishOf({ node, negated }: Part, lists: PolicyLists): Wish | undefined {
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
