import type { ASTNode } from '@marcbachmann/cel-js';

export type CelNode = ASTNode;

/** Something wrong with a condition: offsets into its text. */
export interface CelProblem {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  /** Set for a list that is not there: it may stand in a file that could not be read. */
  readonly unknownList?: true | undefined;
}

export const iteratingMacros: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);

/** The nodes directly below, in reading order. */
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

/** `root.field` where `root` is a plain name; `undefined` for everything else. */
export function accessOf(node: CelNode): { readonly root: string; readonly field: string } | undefined {
  if (node.op !== '.') return undefined;
  const [left, field] = node.args;
  return left.op === 'id' ? { root: left.args, field } : undefined;
}

/** The parts of `a && b && c`; a condition that is none is its own only part. */
export function clausesOf(node: CelNode): readonly CelNode[] {
  return node.op === '&&' ? node.args.flatMap(clausesOf) : [node];
}

/** The string that a node is, literally. */
export function literalText(node: CelNode | undefined): string | undefined {
  return node?.op === 'value' && typeof node.args === 'string' ? node.args : undefined;
}

/** The names that `exists`, `map` and the like declare, with what they range over. */
export function iterationOf(
  node: CelNode,
): { readonly variable: CelNode; readonly range: CelNode; readonly bodies: readonly CelNode[] } | undefined {
  if (node.op !== 'rcall' || !iteratingMacros.has(node.args[0])) return undefined;
  const [, range, [variable, ...bodies]] = node.args;
  return variable === undefined || bodies.length === 0 ? undefined : { variable, range, bodies };
}

/**
 * Gives a node other operands before it is type-checked. The parser's macros keep references to the very nodes, so
 * they see the change, too.
 */
export function rewrite(node: CelNode, args: unknown): void {
  (node as { args: unknown }).args = args;
}

/** Where a name stands: the field of an access, the function of a call. */
export function namePlace(node: CelNode, name: string): { readonly start: number; readonly end: number } {
  const from = node.op === 'rcall' ? node.args[1].end : node.op === '.' ? node.args[0].end : node.start;
  const at = node.input.indexOf(name, from);
  return at === -1 ? { start: node.start, end: node.end } : { start: at, end: at + name.length };
}

/** The same text for the same tree, whatever blanks and brackets it was written with. */
export function canonical(part: unknown): string {
  if (Array.isArray(part)) return `[${part.map(canonical).join(',')}]`;
  if (typeof part === 'object' && part !== null && 'op' in part && 'args' in part)
    return `(${String(part.op)} ${canonical(part.args)})`;
  const type = typeof part === 'object' ? part?.constructor.name : typeof part;
  return `${type}:${JSON.stringify(String(part))}`;
}

/** A node's text, with the brackets that belong to it. */
export function sourceOf(node: Pick<CelNode, 'input' | 'start' | 'end'>): string {
  const { start, end } = sourceRange(node);
  return node.input.slice(start, end);
}

/** Where a node stands. The parser's places leave out brackets that a node begins or ends with: they are put back. */
export function sourceRange({ input, start, end }: Pick<CelNode, 'input' | 'start' | 'end'>): {
  readonly start: number;
  readonly end: number;
} {
  let [opened, unopened] = [0, 0];
  for (const [token] of input.slice(start, end).matchAll(textsAndBrackets)) {
    if (token === '(') opened += 1;
    else if (token === ')' && opened > 0) opened -= 1;
    else if (token === ')') unopened += 1;
  }
  const before = new RegExp(`(?:\\(\\s*){${unopened}}$`).exec(input.slice(0, start))?.[0] ?? '';
  const after = new RegExp(`^(?:\\s*\\)){${opened}}`).exec(input.slice(end))?.[0] ?? '';
  return { start: start - before.length, end: end + after.length };
}

const textsAndBrackets = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[()]/g;
