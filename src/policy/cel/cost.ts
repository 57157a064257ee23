import { isFactRoot } from '../facts/fact-fields';
import { maxProgramSize } from './patterns';
import { factLimits } from '../facts/fact-limits';
import { accessOf, type CelNode, childrenOf, iterationOf } from './ast';

/** The most that evaluating a condition can take, whatever the facts are. */
export interface Cost {
  /** Evaluation steps. One step reads at most 4,096 characters. */
  readonly steps: number;
  /** Length of the longest text that it can build, in UTF-16 units. */
  readonly text: number;
  /** Length of the longest list that it can build. */
  readonly entries: number;
}

/** The limits of the cost of one condition. */
export const costLimits: Cost = { steps: 100_000, text: 65_536, entries: 50_000 };

/** Steps of one match. Matching takes time proportional to program size times text length. */
const patternSteps: ReadonlyMap<string, number> = new Map([
  ['matches', maxProgramSize],
  ['ticket', maxProgramSize],
  ['glob', 100],
]);
const charactersInStep = 4_096;
/** Longer than the text of any number, boolean or time. */
const shortText = 64;

type ListBounds = ReadonlyMap<string, { readonly text: number; readonly entries: number }>;
type Scope = ReadonlyMap<string, Cost>;

/**
 * Computes the most that a condition can cost. Every node counts one step or more; the body of
 * `exists`, `map` and the like counts once for each entry of the longest possible list. Call it
 * before `foldCase`, which renames lists.
 */
export function worstCost(node: CelNode, lists: ListBounds): Cost {
  return measure(node, new Map(), lists);
}

/** Describes which limit a cost exceeds, and how to fix it. Returns undefined if it exceeds none. */
export function costProblem({ steps, text, entries }: Cost): string | undefined {
  if (steps > costLimits.steps) {
    return `this can take more than ${costLimits.steps} steps: nest fewer loops, shorten the lists, or use \`in\``;
  }
  if (text > costLimits.text)
    return `this can build a text of more than ${costLimits.text} characters: join fewer`;
  if (entries > costLimits.entries)
    return `this can build a list of more than ${costLimits.entries} entries: join fewer`;
  return undefined;
}

function measure(node: CelNode, scope: Scope, lists: ListBounds): Cost {
  const access = accessOf(node);
  if (access !== undefined && !scope.has(access.root)) {
    if (access.root === 'lists') return { steps: 1, text: 0, entries: 0, ...lists.get(access.field) };
    if (isFactRoot(access.root)) return factCost(access.field);
  }
  if (node.op === 'id') return scope.get(node.args) ?? leaf(shortText);
  if (node.op === 'value') return leaf(typeof node.args === 'string' ? node.args.length : shortText);
  const iteration = iterationOf(node);
  if (iteration !== undefined) return iterationCost(iteration, scope, lists);

  const below = childrenOf(node).map((child) => measure(child, scope, lists));
  const widest = below.reduce(larger, leaf(0));
  const made = madeBy(node, below, widest);
  const called = node.op === 'call' || node.op === 'rcall' ? node.args[0] : '';
  const weight = patternSteps.get(called) ?? 1;
  const reading = weight * (1 + Math.floor(Math.max(made.text, widest.text) / charactersInStep));
  return { ...made, steps: reading + below.reduce((sum, cost) => sum + cost.steps, 0) };
}

function iterationCost(
  iteration: NonNullable<ReturnType<typeof iterationOf>>,
  scope: Scope,
  lists: ListBounds,
): Cost {
  const range = measure(iteration.range, scope, lists);
  const variable = iteration.variable.op === 'id' ? iteration.variable.args : '';
  const inner = new Map([...scope, [variable, { ...range, steps: 1 }] as const]);
  const bodies = iteration.bodies.map((body) => measure(body, inner, lists));
  const round = bodies.reduce((sum, body) => sum + body.steps, 1);
  return { ...bodies.reduce(larger, range), steps: range.steps + range.entries * round };
}

/** Bounds the text and the list that a node builds from those of its children. */
function madeBy(node: CelNode, below: readonly Cost[], widest: Cost): { text: number; entries: number } {
  const { text, entries } = widest;
  switch (node.op) {
    case '+':
      return { text: sum(below, 'text'), entries: sum(below, 'entries') };
    case 'list':
    case 'map':
      return { text, entries: Math.max(entries, node.args.length) };
    case 'rcall':
      return node.args[0] === 'split' ? { text, entries: text + 1 } : { text, entries };
    default:
      return { text: Math.max(text, shortText), entries };
  }
}

function factCost(field: string): Cost {
  const entries = field === 'tags' ? factLimits.tags : field === 'groupIds' ? factLimits.groupIds : 0;
  return { steps: 1, text: field === 'message' ? factLimits.messageLength : factLimits.textLength, entries };
}

function leaf(text: number): Cost {
  return { steps: 1, text, entries: 0 };
}

function larger(a: Cost, b: Cost): Cost {
  return { steps: 0, text: Math.max(a.text, b.text), entries: Math.max(a.entries, b.entries) };
}

function sum(costs: readonly Cost[], part: 'text' | 'entries'): number {
  return costs.reduce((total, cost) => total + cost[part], 0);
}
