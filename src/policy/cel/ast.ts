import type { ASTNode } from '@marcbachmann/cel-js';

/** A node of the syntax tree of a condition. */
export type CelNode = ASTNode;

/** A problem in a condition. `start` and `end` are offsets into its text. */
export interface CelProblem {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  /** Set if a list is unknown. It may be declared in a file that could not be parsed. */
  readonly unknownList?: true | undefined;
}

/** The CEL macros that loop over a list or map. */
export const iteratingMacros: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);

/** Returns the child nodes of a node, in the order of the text. */
export function childrenOf(node: CelNode): readonly CelNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return node.args;
  }
}

/** Splits `root.field`, where `root` is a plain name. Returns undefined for any other node. */
export function accessOf(node: CelNode): { readonly root: string; readonly field: string } | undefined {
  if (node.op !== '.') return undefined;
  const [left, field] = node.args;
  return left.op === 'id' ? { root: left.args, field } : undefined;
}

/**
 * Splits `a && b && c` into its clauses, in the order of the text. A condition without `&&` is its
 * only clause.
 */
export function clausesOf(node: CelNode): readonly CelNode[] {
  return node.op === '&&' ? node.args.flatMap(clausesOf) : [node];
}

/** Returns the value of a string literal, undefined for any other node. */
export function literalText(node: CelNode | undefined): string | undefined {
  return node?.op === 'value' && typeof node.args === 'string' ? node.args : undefined;
}

/**
 * Returns the variable, the range and the bodies of `exists`, `map` and the like, undefined for any
 * other node.
 */
export function iterationOf(
  node: CelNode,
): { readonly variable: CelNode; readonly range: CelNode; readonly bodies: readonly CelNode[] } | undefined {
  if (node.op !== 'rcall' || !iteratingMacros.has(node.args[0])) return undefined;
  const [, range, [variable, ...bodies]] = node.args;
  return variable === undefined || bodies.length === 0 ? undefined : { variable, range, bodies };
}

/**
 * Replaces the operands of a node. Call it before the type check. The parser's macros refer to the
 * same nodes, so they see the change as well.
 */
export function rewrite(node: CelNode, args: unknown): void {
  (node as { args: unknown }).args = args;
}

/** Returns the range of a name in a node: the field of an access, the function of a call. */
export function namePlace(node: CelNode, name: string): { readonly start: number; readonly end: number } {
  const from = node.op === 'rcall' ? node.args[1].end : node.op === '.' ? node.args[0].end : node.start;
  const at = node.input.indexOf(name, from);
  return at === -1 ? { start: node.start, end: node.end } : { start: at, end: at + name.length };
}

/**
 * Returns a text that is equal for equal trees, whatever spaces and parentheses they were written
 * with.
 */
export function canonical(part: unknown): string {
  if (Array.isArray(part)) return `[${part.map(canonical).join(',')}]`;
  if (typeof part === 'object' && part !== null && 'op' in part && 'args' in part)
    return `(${String(part.op)} ${canonical(part.args)})`;
  const type = typeof part === 'object' ? part?.constructor.name : typeof part;
  return `${type}:${JSON.stringify(String(part))}`;
}

/** Returns the source text of a node, including the parentheses that belong to it. */
export function sourceOf(node: Pick<CelNode, 'input' | 'start' | 'end'>): string {
  const { start, end } = sourceRange(node);
  return node.input.slice(start, end);
}

/**
 * Returns the range of a node in the source text. The parser's range leaves out parentheses at the
 * start and the end of a node; this one includes them.
 */
export function sourceRange({ input, start, end }: Pick<CelNode, 'input' | 'start' | 'end'>): {
  readonly start: number;
  readonly end: number;
} {
  let [unclosed, unopened] = [0, 0];
  for (const [token] of input.slice(start, end).matchAll(stringsAndParentheses)) {
    if (token === '(') unclosed += 1;
    else if (token === ')' && unclosed > 0) unclosed -= 1;
    else if (token === ')') unopened += 1;
  }
  const before = new RegExp(`(?:\\(\\s*){${unopened}}$`).exec(input.slice(0, start))?.[0] ?? '';
  const after = new RegExp(`^(?:\\s*\\)){${unclosed}}`).exec(input.slice(end))?.[0] ?? '';
  return { start: start - before.length, end: end + after.length };
}

const stringsAndParentheses = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[()]/g;
