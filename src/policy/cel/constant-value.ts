import { foldText } from '../../connections/fold-text';
import { accessOf, type CelNode, childrenOf, clausesOf, iterationOf, literalText } from './ast';
import { fieldOf, isFactRoot } from '../facts/fact-fields';

/** What is known about a rule without facts. */
export interface Known {
  /** The names of the lists without entries. */
  readonly emptyLists: ReadonlySet<string>;
  /** The statuses that the rule applies to, in lower case. */
  readonly statuses: ReadonlySet<string>;
}

/**
 * Returns the value of a condition that yields the same for all facts with which it can be
 * evaluated, otherwise undefined. Sound but not complete: a returned value is certain, and some
 * constant conditions are not recognized.
 */
export function constantValue(node: CelNode, known: Known): boolean | undefined {
  switch (node.op) {
    case 'value':
      return typeof node.args === 'boolean' ? node.args : undefined;
    case '!_': {
      const truth = constantValue(node.args, known);
      return truth === undefined ? undefined : !truth;
    }
    case '&&':
      return clausesOf(node).some((part, index, all) => contradicts(part, all.slice(0, index)))
        ? false
        : joined(childrenOf(node), false, known);
    case '||':
      return joined(childrenOf(node), true, known);
    case '==':
      return equality(node.args[0], node.args[1], known);
    case '!=': {
      const equal = equality(node.args[0], node.args[1], known);
      return equal === undefined ? undefined : !equal;
    }
    case 'in':
      return isEmpty(node.args[1], known) ? false : undefined;
    default:
      return loopOverNothing(node, known);
  }
}

/** Finds the part that makes a condition always false, and says how to fix it. */
export function alwaysFalsePart(
  node: CelNode,
  known: Known,
): { readonly node: CelNode; readonly why: string; readonly emptyList?: string } {
  if (node.op === '&&') {
    const culprit = childrenOf(node).find((child) => constantValue(child, known) === false);
    if (culprit !== undefined) return alwaysFalsePart(culprit, known);
    return { node, why: 'it requires one fact to have two values: write `||`, or split the rule' };
  }
  const list = node.op === 'in' ? listName(node.args[1]) : listName(iterationOf(node)?.range);
  if (list !== undefined)
    return { node, why: `the list \`${list}\` is empty: add entries, or remove the rule`, emptyList: list };
  if (node.op === '==' && childrenOf(node).some(isStatus)) {
    const wanted = childrenOf(node).map(literalText).find(Boolean) ?? '';
    return { node, why: `the rule applies to other statuses: write \`on: [${wanted}]\`` };
  }
  return { node, why: 'it is never true: correct it, or remove the rule' };
}

/** `decisive` is the value of one operand that decides the whole: false for `&&`, true for `||`. */
function joined(parts: readonly CelNode[], decisive: boolean, known: Known): boolean | undefined {
  const truths = parts.map((part) => constantValue(part, known));
  if (truths.includes(decisive)) return decisive;
  return truths.every((truth) => truth === !decisive) ? !decisive : undefined;
}

function equality(left: CelNode, right: CelNode, known: Known): boolean | undefined {
  if (left.op === 'value' && right.op === 'value') {
    return typeof left.args === typeof right.args ? left.args === right.args : undefined;
  }
  const text = literalText(left) ?? literalText(right);
  if (text === undefined || !(isStatus(left) || isStatus(right))) return undefined;
  if (!known.statuses.has(foldText(text))) return false;
  return known.statuses.size === 1 ? true : undefined;
}

function isStatus(node: CelNode): boolean {
  const access = accessOf(node);
  return access?.root === 'connection' && access.field === 'status';
}

function loopOverNothing(node: CelNode, known: Known): boolean | undefined {
  const iteration = iterationOf(node);
  if (iteration === undefined || node.op !== 'rcall' || !isEmpty(iteration.range, known)) return undefined;
  const [macro] = node.args;
  if (macro === 'exists' || macro === 'exists_one') return false;
  return macro === 'all' ? true : undefined;
}

function isEmpty(node: CelNode, known: Known): boolean {
  if (node.op === 'list') return node.args.length === 0;
  const name = listName(node);
  return name !== undefined && known.emptyLists.has(name);
}

function listName(node: CelNode | undefined): string | undefined {
  const access = node && accessOf(node);
  return access?.root === 'lists' ? access.field : undefined;
}

/** Returns whether `part` says `x == "a"` and one of `others` says `x == "b"`, for a fact `x`. */
function contradicts(part: CelNode, others: readonly CelNode[]): boolean {
  const wanted = pinnedOf(part);
  return (
    wanted !== undefined &&
    others.some((other) => {
      const pinned = pinnedOf(other);
      return pinned?.fact === wanted.fact && pinned.text !== wanted.text;
    })
  );
}

function pinnedOf(node: CelNode): { readonly fact: string; readonly text: string } | undefined {
  if (node.op !== '==') return undefined;
  const [left, right] = node.args;
  const text = literalText(left) ?? literalText(right);
  const access = accessOf(left) ?? accessOf(right);
  if (text === undefined || access === undefined || !isFactRoot(access.root)) return undefined;
  const field = fieldOf(access.root, access.field);
  if (field?.type !== 'string') return undefined;
  return { fact: `${access.root}.${access.field}`, text: field.withoutCase ? foldText(text) : text };
}
