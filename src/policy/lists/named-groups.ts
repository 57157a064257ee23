import { lower } from '../../base/compare';
import { isGuid } from '../../base/guid';
import type { PolicyOutline, RuleOutline } from '../analysis/rule-outline';
import { accessOf, type CelNode, childrenOf, iterationOf, literalText } from '../cel/ast';

/** A management group that a policy names, with the first place that names it. */
export interface NamedGroup {
  /** As the policy writes it. */
  readonly id: string;
  /** The managed list that reads it; absent for a group that only a condition names. */
  readonly list?: string | undefined;
  readonly path: string;
  /** 1-based. */
  readonly line: number;
}

/** A subscription that a plain list names, for rules that approve. */
export interface NamedSubscription {
  readonly id: string;
  readonly list: string;
  readonly path: string;
  /** 1-based. */
  readonly line: number;
}

/**
 * Finds the management groups that a policy names: in managed lists, and in conditions that compare
 * `requester.managementGroups` with a text. Each once, those of lists first. Pure.
 */
export function namedGroups({ managedLists, rules }: PolicyOutline): readonly NamedGroup[] {
  const inLists = managedLists.map(({ name, group, place, source }): NamedGroup => {
    const { path, line } = source.problem(place, '');
    return { id: group, list: name, path, line };
  });
  const inRules = rules.flatMap((rule) =>
    groupTexts(rule.condition, new Set()).map((id) => ({ id, path: rule.source.path, line: rule.line })),
  );
  const all = [...inLists, ...inRules];
  return all.filter(({ id }, index) => all.findIndex((other) => lower(other.id) === lower(id)) === index);
}

/** Finds the subscriptions in the plain lists that approving rules read. Each once. Pure. */
export function listedSubscriptions({ lists, rules }: PolicyOutline): readonly NamedSubscription[] {
  const approving = rules.filter(({ effect }) => effect === 'approve');
  const all = lists
    .filter(({ name }) => approving.some((rule) => reads(rule, name)))
    .flatMap(({ name, entries, entryPlaces, place, source }) =>
      entries.flatMap((entry, index): NamedSubscription[] => {
        if (typeof entry !== 'string' || !isGuid(entry)) return [];
        const { path, line } = source.problem(entryPlaces[index] ?? place, '');
        return [{ id: lower(entry), list: name, path, line }];
      }),
    );
  return all.filter(({ id }, index) => all.findIndex((other) => other.id === id) === index);
}

function reads({ condition }: RuleOutline, list: string): boolean {
  const reading = (node: CelNode): boolean => {
    const access = accessOf(node);
    return (access?.root === 'lists' && access.field === list) || childrenOf(node).some(reading);
  };
  return reading(condition);
}

/** @param variables the loop variables that stand for a group of the requester */
function groupTexts(node: CelNode, variables: ReadonlySet<string>): readonly string[] {
  const iteration = iterationOf(node);
  if (iteration !== undefined) {
    const { variable, range, bodies } = iteration;
    const inner =
      variable.op === 'id' && isGroup(range, variables) ? new Set([...variables, variable.args]) : variables;
    return bodies.flatMap((body) => groupTexts(body, inner));
  }
  const below = childrenOf(node).flatMap((child) => groupTexts(child, variables));
  if (!compares(node) || !childrenOf(node).some((child) => isGroup(child, variables))) return below;
  return [...below, ...childrenOf(node).flatMap(textsIn)];
}

function compares(node: CelNode): boolean {
  return (
    node.op === '==' ||
    node.op === '!=' ||
    node.op === 'in' ||
    (node.op === 'call' && node.args[0] === 'sameId')
  );
}

/** Tells whether a node is a group of the requester, or all of them. */
function isGroup(node: CelNode, variables: ReadonlySet<string>): boolean {
  if (node.op === 'id') return variables.has(node.args);
  const access = accessOf(node);
  if (access !== undefined) return access.root === 'requester' && access.field === 'managementGroups';
  return (
    (node.op === '[]' || node.op === 'rcall') && childrenOf(node).some((child) => isGroup(child, variables))
  );
}

function textsIn(node: CelNode): readonly string[] {
  const text = literalText(node);
  if (text !== undefined) return [text];
  return node.op === 'list' ? node.args.flatMap(textsIn) : [];
}
