import { isGuid } from '../../base/guid';
import { accessOf, type CelNode, childrenOf, iterationOf } from '../cel/ast';
import type { PolicyProblem } from '../policy';
import { type KnownRule, problemIn } from './known-rule';
import type { PolicyOutline } from './rule-outline';

/**
 * Finds rules that reject or delete because something is not in a managed list. Azure leaves out what
 * the identity may not read, so that a subscription that is missing there is no stranger. Pure.
 */
export function negativeUses(
  rules: readonly KnownRule[],
  { managedLists }: Pick<PolicyOutline, 'managedLists'>,
): readonly PolicyProblem[] {
  const names = new Set(managedLists.map(({ name }) => name));
  if (names.size === 0) return [];
  return rules
    .filter(({ effect }) => effect === 'reject' || effect === 'delete')
    .flatMap((rule) => {
      const use = negativeUse(rule.condition, 1, names);
      if (use === undefined) return [];
      const message = `rule \`${rule.name}\` would ${rule.effect} what is not in \`lists.${use.name}\`: Postern may not see all subscriptions, so that one that is missing in this list is no stranger; write \`in\` without \`!\`, or \`effect: hold\``;
      return [problemIn(rule, use.node, message)];
    });
}

/**
 * Finds managed lists of a tenant's root group, whose id is that of the tenant: new subscriptions
 * begin there. Pure.
 */
export function rootLists({ managedLists }: Pick<PolicyOutline, 'managedLists'>): readonly PolicyProblem[] {
  return managedLists
    .filter(({ group }) => isGuid(group))
    .map(({ name, group, place, source }) =>
      source.problem(
        place,
        `\`${group}\` looks like the root group: \`lists.${name}\` would have every subscription, each new one too; name a group below it`,
      ),
    );
}

interface Use {
  readonly node: CelNode;
  readonly name: string;
}

/**
 * Finds the first use of a managed list that is not an `in`, or an `exists`, which makes the
 * condition true by being true.
 *
 * @param sign whether the condition is rather true if `node` is (1), if it is not (-1), or either (0)
 */
function negativeUse(node: CelNode, sign: Sign, names: ReadonlySet<string>): Use | undefined {
  const access = accessOf(node);
  if (access?.root === 'lists' && names.has(access.field)) return { node, name: access.field };
  if (node.op === '!_') return negativeUse(node.args, sign === 1 ? -1 : sign === -1 ? 1 : 0, names);
  const isKept = node.op === '&&' || node.op === '||';
  const asked = sign === 1 ? membersOf(node) : childrenOf(node);
  return firstOf(asked, (child) => negativeUse(child, isKept ? sign : 0, names));
}

type Sign = 1 | 0 | -1;

/** Returns the parts of a node that are not a list in which something is looked for. */
function membersOf(node: CelNode): readonly CelNode[] {
  if (node.op === 'in') return [node.args[0], ...listsBelow(node.args[1])];
  const iteration = iterationOf(node);
  if (iteration === undefined || node.op !== 'rcall' || node.args[0] !== 'exists') return childrenOf(node);
  const isPlain = !iteration.bodies.some(negates);
  return [...iteration.bodies, ...(isPlain ? listsBelow(iteration.range) : [iteration.range])];
}

/** Returns nothing for a list itself: looking for something in it is what it is for. */
function listsBelow(list: CelNode): readonly CelNode[] {
  return accessOf(list)?.root === 'lists' ? [] : [list];
}

function negates(node: CelNode): boolean {
  return node.op === '!_' || node.op === '!=' || node.op === '?:' || childrenOf(node).some(negates);
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
