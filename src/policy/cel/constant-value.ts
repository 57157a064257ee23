import { foldText } from '../../connections/fold-text';
import { accessOf, type CelNode, childrenOf, clausesOf, iterationOf, literalText } from './ast';
import { fieldOf, isFactRoot } from '../facts/fact-fields';

/** What is known about a rule whatever the facts are. */
export interface Known {
  /** Lists without entries. */
  readonly emptyLists: ReadonlySet<string>;
  /** The statuses that the rule concerns, in lower case. */
  readonly statuses: ReadonlySet<string>;
}

/**
 * What a condition yields whenever it can be evaluated; `undefined` when that depends on the facts. Sound, not
 * complete: what it answers is so, what it leaves open may be so.
 */
export function constantTruth(node: CelNode, known: Known): boolean | undefined {
  switch (node.op) {
    case 'value':
      return typeof node.args === 'boolean' ? node.args : undefined;
    case '!_': {
      const truth = constantTruth(node.args, known);
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
      return overNothing(node, known);
  }
}

/** The part that makes a condition constantly false, with what a person can do about it. */
export function falsePart(
  node: CelNode,
  known: Known,
): { readonly node: CelNode; readonly why: string; readonly emptyList?: string } {
  if (node.op === '&&') {
    const culprit = childrenOf(node).find((child) => constantTruth(child, known) === false);
    if (culprit !== undefined) return falsePart(culprit, known);
    return { node, why: 'it asks one fact to have two values: write `||`, or split the rule' };
  }
  const list = node.op === 'in' ? listName(node.args[1]) : listName(iterationOf(node)?.range);
  if (list !== undefined)
    return { node, why: `the list \`${list}\` is empty: add entries, or take the rule out`, emptyList: list };
  if (node.op === '==' && childrenOf(node).some(isStatus)) {
    const wanted = childrenOf(node).map(literalText).find(Boolean) ?? '';
    return { node, why: `the rule concerns other statuses: write \`on: [${wanted}]\`` };
  }
  return { node, why: 'it is never true: correct it, or take the rule out' };
}

/** `&&` is decided by false, `||` by true: one operand is enough, whatever the others are. */
function joined(parts: readonly CelNode[], decisive: boolean, known: Known): boolean | undefined {
  const truths = parts.map((part) => constantTruth(part, known));
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

function overNothing(node: CelNode, known: Known): boolean | undefined {
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

/** `x == "a"` beside `x == "b"`, for a fact `x`. */
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
