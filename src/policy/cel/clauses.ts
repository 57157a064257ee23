import type { ParseResult } from '@marcbachmann/cel-js';
import { fieldOf, isFactRoot } from '../facts/fact-fields';
import { accessOf, canonical, type CelNode, childrenOf, rewrite, sourceOf } from './ast';
import { conjunctsOf } from './constant-value';
import { worstCost } from './cost';
import type { CelEnvironment } from './environment';
import type { Conjunct, CostlyReads, Evaluation } from './evaluate';
import { foldCase } from './fold-case';
import { describeFailure } from './messages';
import { bindCondition } from './optimise';

const yes: Evaluation = Object.freeze({ kind: 'answered', answer: true });
const no: Evaluation = Object.freeze({ kind: 'answered', answer: false });

/**
 * Makes programs of the conjuncts of a condition that was checked already, in the order of its text. What is written the same
 * twice in one environment is one conjunct, so that rules can share its answer.
 *
 * @throws what the CEL library throws for a condition that is none.
 */
export function compileConjuncts(text: string, environment: CelEnvironment): readonly Conjunct[] {
  const { ast } = environment.cel.parse(text);
  const conjuncts = conjunctsOf(ast).map((node) => ({
    node,
    steps: worstCost(node, environment.listBounds).steps,
    reads: readsOf(node),
  }));
  foldCase(ast);
  return conjuncts.map(({ node, steps, reads }) => {
    const key = `${sourceOf(node)} ${canonical(node)}`;
    const known = environment.conjuncts.get(key);
    if (known !== undefined) return known;
    const conjunct = { steps, reads, evaluate: evaluator(programOf(node, environment)) };
    environment.conjuncts.set(key, conjunct);
    return conjunct;
  });
}

/** Finds the facts that cost a call and that an expression reads. */
export function readsOf(root: CelNode): CostlyReads {
  const reads = { target: false, endpoint: false };
  const visit = (node: CelNode): void => {
    const access = accessOf(node);
    const field =
      access !== undefined && isFactRoot(access.root) ? fieldOf(access.root, access.field) : undefined;
    if (field?.cost === 'reads the target') reads.target = true;
    if (field?.cost === 'reads the endpoint') reads.endpoint = true;
    childrenOf(node).forEach(visit);
  };
  visit(root);
  return reads;
}

/** The library evaluates whole programs only: `true && x` is `x`. */
function programOf(node: CelNode, environment: CelEnvironment): ParseResult {
  const program = environment.cel.parse('true && true');
  const [left] = childrenOf(program.ast);
  rewrite(program.ast, [left, bindCondition(node, environment)]);
  const { valid, error } = program.check();
  if (!valid) throw error ?? new Error('a part of a condition is no condition');
  return program;
}

function evaluator(program: ParseResult): Conjunct['evaluate'] {
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
