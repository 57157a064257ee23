import { foldText } from '../../connections/fold-text';
import { isFactRoot } from '../facts/fact-fields';
import { accessOf, type CelNode, childrenOf, iterationOf, literalText } from './ast';

/** A fact or list that a condition reads, such as `target.tags.env`. */
export interface FactPath {
  readonly text: string;
  readonly root: string;
  readonly field: string;
  /** The name of the tag in lower case, for a single tag. */
  readonly key?: string | undefined;
}

/** Finds the facts and lists that a condition reads, each once, in the order of the text. */
export function factPathsOf(condition: CelNode): readonly FactPath[] {
  const found = new Map<string, FactPath>();
  collect(condition, new Set(), (path) => found.has(path.text) || found.set(path.text, path));
  return [...found.values()];
}

function collect(node: CelNode, scope: ReadonlySet<string>, add: (path: FactPath) => void): void {
  if (node.op === 'id' && node.args === 'now' && !scope.has('now'))
    return add({ text: 'now', root: 'now', field: '' });
  const path = pathOf(node, scope);
  if (path !== undefined) return add(path);
  const iteration = iterationOf(node);
  if (iteration === undefined) return childrenOf(node).forEach((child) => collect(child, scope, add));
  collect(iteration.range, scope, add);
  const { variable } = iteration;
  const inner = variable.op === 'id' ? new Set([...scope, variable.args]) : scope;
  iteration.bodies.forEach((body) => collect(body, inner, add));
}

/**
 * Returns the fact or list that a node reads, undefined for any other node.
 *
 * @param scope the names of loop variables
 */
export function pathOf(node: CelNode, scope: ReadonlySet<string> = new Set()): FactPath | undefined {
  const access = accessOf(node);
  if (access !== undefined) {
    const { root, field } = access;
    const known = !scope.has(root) && (root === 'lists' || isFactRoot(root));
    return known ? { text: `${root}.${field}`, root, field } : undefined;
  }
  if (node.op !== '.' && node.op !== '[]') return undefined;
  const map = pathOf(node.args[0], scope);
  const key = node.op === '.' ? node.args[1] : literalText(node.args[1]);
  if (map?.field !== 'tags' || map.key !== undefined || key === undefined) return undefined;
  return { ...map, text: `${map.text}.${foldText(key)}`, key: foldText(key) };
}
