import { isFactRoot } from '../facts/fact-fields';
import { maxProgramSize } from './patterns';
import { factLimits } from '../facts/fact-limits';
import { accessOf, type CelNode, childrenOf, iterationOf } from './ast';

/** What a condition can need at most, whatever the facts are. */
export interface Cost {
  /** Evaluation steps; one reads at most 4,096 characters. */
  readonly steps: number;
  /** The longest text it can make. */
  readonly text: number;
  /** The longest list it can make. */
  readonly entries: number;
}

export const costLimits: Cost = { steps: 100_000, text: 65_536, entries: 50_000 };

/** Patterns are matched in linear time: program size times text length. A match counts for hundreds of steps. */
const patternSteps: ReadonlyMap<string, number> = new Map([
  ['matches', maxProgramSize],
  ['ticket', maxProgramSize],
  ['glob', 100],
]);
const charactersInStep = 4_096;
/** Longer than any number, truth value or time as a text. */
const shortText = 64;

type ListBounds = ReadonlyMap<string, { readonly text: number; readonly entries: number }>;
type Scope = ReadonlyMap<string, Cost>;

/**
 * The most that a condition can cost: every node counts, and for `exists`, `map` and the like the body counts as
 * often as the largest list they can range over has entries. To be asked before the syntax tree is rewritten.
 */
export function worstCost(node: CelNode, lists: ListBounds): Cost {
  return measure(node, new Map(), lists);
}

/** What is too much, with the mend; `undefined` when nothing is. */
export function costProblem({ steps, text, entries }: Cost): string | undefined {
  if (steps > costLimits.steps) {
    return `this can take more than ${costLimits.steps} steps: nest fewer loops, shorten the lists, or use \`in\``;
  }
  if (text > costLimits.text)
    return `this can make a text of more than ${costLimits.text} characters: join fewer`;
  if (entries > costLimits.entries)
    return `this can make a list of more than ${costLimits.entries} entries: join fewer`;
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

/** The text and the list that a node makes of those below it. */
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
