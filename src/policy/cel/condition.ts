import type { ParseResult } from '@marcbachmann/cel-js';
import type { FactView } from '../facts/fact-view';
import { type CelNode, type CelProblem, clausesOf, rewrite } from './ast';
import { checkNames } from './check-names';
import { costProblem, worstCost } from './cost';
import { type CostlyReads, readsCostly, readsFact, readsOf } from './costly-reads';
import type { CelEnvironment } from './environment';
import { foldCase } from './fold-case';
import { celProblem, describeFailure } from './messages';

/** A condition that was compiled and type-checked: evaluating it yields true, false or a failure. */
export interface Condition {
  /** The costly facts that the condition reads, including those in `has()`. */
  readonly reads: CostlyReads;
  /** Whether the condition reads `target.opensMany`. */
  readonly readsOpensMany: boolean;
  /** The names of the lists that it reads whose entries Postern reads from Azure. */
  readonly managedLists: readonly string[];
  readonly evaluate: Evaluate;
  /**
   * The clauses that read no costly fact, compiled as one evaluator. If it yields false, so does
   * the condition, whatever the costly facts are. Absent if the condition reads no costly fact, or
   * has no clause without one.
   */
  readonly evaluateCheapClauses: Evaluate | undefined;
  /** Compiles the clauses that `keep` selects as one evaluator. Returns undefined if it selects none. */
  readonly compileClauses: (keep: ClauseFilter) => Evaluate | undefined;
}

/**
 * A selection of clauses.
 *
 * @param index the position of the clause in the text, from 0
 */
export type ClauseFilter = (clause: CelNode, index: number) => boolean;

/** An evaluator of a condition or of some clauses. Pure. Fails if the answer depends on an absent fact. */
export type Evaluate = (view: ConditionView) => Evaluation;

/** The facts of one decision, and the value of `lists` if the policy has managed lists. */
export type ConditionView = FactView & { readonly lists?: unknown };

/** The result of an evaluation: true, false, or why it failed. */
export type Evaluation =
  | { readonly kind: 'answered'; readonly answer: boolean }
  | { readonly kind: 'failed'; readonly problem: string };

/** The result of compiling a condition. */
export type ConditionCompile =
  | { readonly kind: 'compiled'; readonly condition: Condition }
  | { readonly kind: 'refused'; readonly problems: readonly CelProblem[] };

/** Parses, checks and compiles a condition. Never throws. */
export function compileCondition(text: string, environment: CelEnvironment): ConditionCompile {
  try {
    return compile(text, environment);
  } catch (error) {
    if (!(error instanceof RangeError)) return refused([celProblem(error, text)]);
    return refused([
      { start: 0, end: text.length, message: 'the condition is nested too deeply: split the rule' },
    ]);
  }
}

function compile(text: string, environment: CelEnvironment): ConditionCompile {
  const program = environment.cel.parse(text);
  const names = checkNames(program.ast, environment.names);
  if (names.length > 0) return refused(names);
  const reads = readsOf(program.ast);
  const readsOpensMany = readsFact(program.ast, 'target', 'opensMany');
  const managedLists = environment.managedLists.filter((name) => readsFact(program.ast, 'lists', name));
  const cost = costProblem(worstCost(program.ast, environment.listBounds));
  if (cost !== undefined) return refused([{ start: 0, end: text.length, message: cost }]);
  const cases = foldCase(program.ast);
  if (cases.length > 0) return refused(cases);

  const types = program.check();
  if (!types.valid) return refused([celProblem(types.error, text)]);
  if (types.type !== 'bool') {
    const message = `the condition yields ${types.type ?? 'something else'}, not true or false: compare it with something`;
    return refused([{ start: 0, end: text.length, message }]);
  }
  const condition: Condition = {
    reads,
    readsOpensMany,
    managedLists,
    evaluate: evaluatorOf(program),
    evaluateCheapClauses: readsCostly(reads) ? compileClauses(text, environment, isCheap) : undefined,
    compileClauses: (keep) => compileClauses(text, environment, keep),
  };
  return { kind: 'compiled', condition };
}

/**
 * Compiles the clauses that `keep` selects.
 *
 * @param text a condition whose names were checked, so that `environment` knows its patterns
 */
function compileClauses(text: string, environment: CelEnvironment, keep: ClauseFilter): Evaluate | undefined {
  const program = environment.cel.parse(text);
  foldCase(program.ast);
  const kept = new Set(clausesOf(program.ast).filter(keep));
  const part = withoutOthers(program.ast, kept);
  if (part === undefined) return undefined;
  // A program evaluates its root: `x && x` is `x`.
  if (part !== program.ast) rewrite(program.ast, [part, part]);
  const { valid, error } = program.check();
  if (!valid) throw error ?? new Error('the clauses of a condition do not form a condition');
  return evaluatorOf(program);
}

function isCheap(clause: CelNode): boolean {
  return !readsCostly(readsOf(clause));
}

/**
 * Removes every clause below `node` that is not in `kept`. Returns what is left, undefined if
 * nothing is.
 */
function withoutOthers(node: CelNode, kept: ReadonlySet<CelNode>): CelNode | undefined {
  if (node.op !== '&&') return kept.has(node) ? node : undefined;
  const [left, right] = node.args.map((operand) => withoutOthers(operand, kept));
  if (left === undefined || right === undefined) return left ?? right;
  rewrite(node, [left, right]);
  return node;
}

const yes: Evaluation = Object.freeze({ kind: 'answered', answer: true });
const no: Evaluation = Object.freeze({ kind: 'answered', answer: false });

function evaluatorOf(program: ParseResult): Evaluate {
  return (view) => {
    try {
      const answer: unknown = program(view);
      if (typeof answer === 'boolean') return answer ? yes : no;
      return { kind: 'failed', problem: 'it yielded neither true nor false' };
    } catch (error) {
      return { kind: 'failed', problem: describeFailure(error) };
    }
  };
}

function refused(problems: readonly CelProblem[]): ConditionCompile {
  return { kind: 'refused', problems };
}
