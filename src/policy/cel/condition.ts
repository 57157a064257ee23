import type { CelProblem } from './ast';
import { checkNames } from './check-names';
import { compileConjuncts, readsOf } from './clauses';
import { costProblem, worstCost } from './cost';
import type { CelEnvironment } from './environment';
import type { Conjunct, CostlyReads } from './evaluate';
import { foldCase } from './fold-case';
import { celMend } from './messages';

/** A condition that is known to yield true or false, or to fail. */
export interface Condition {
  /** Facts that cost a call and that it reads, `has()` included. */
  readonly reads: CostlyReads;
  /** What must all be true, in the order of its text. */
  readonly conjuncts: readonly Conjunct[];
}

export type ConditionCompile =
  | { readonly kind: 'compiled'; readonly condition: Condition }
  | { readonly kind: 'refused'; readonly problems: readonly CelProblem[] };

/** Parses, checks and type-checks a condition. Never throws. */
export function compileCondition(text: string, environment: CelEnvironment): ConditionCompile {
  try {
    return compile(text, environment);
  } catch (error) {
    if (!(error instanceof RangeError)) return refused([celMend(error, text)]);
    return refused([
      { start: 0, end: text.length, message: 'the condition is nested too deeply: split the rule' },
    ]);
  }
}

function compile(text: string, environment: CelEnvironment): ConditionCompile {
  const parsed = environment.cel.parse(text);
  const names = checkNames(parsed.ast, environment.names);
  if (names.length > 0) return refused(names);
  const reads = readsOf(parsed.ast);
  const cost = costProblem(worstCost(parsed.ast, environment.listBounds));
  if (cost !== undefined) return refused([{ start: 0, end: text.length, message: cost }]);
  const cases = foldCase(parsed.ast);
  if (cases.length > 0) return refused(cases);

  const types = parsed.check();
  if (!types.valid) return refused([celMend(types.error, text)]);
  if (types.type !== 'bool') {
    const message = `the condition yields ${types.type ?? 'something else'}, not true or false: compare it with something`;
    return refused([{ start: 0, end: text.length, message }]);
  }
  return { kind: 'compiled', condition: { reads, conjuncts: compileConjuncts(text, environment) } };
}

function refused(problems: readonly CelProblem[]): ConditionCompile {
  return { kind: 'refused', problems };
}
