import { type CostlyReads, readsCostly } from './cel/costly-reads';
import type { CompiledRule, RulesByStatus } from './decide';
import { type FactViewResult, viewFacts } from './facts/fact-view';
import type { Facts } from './facts/facts';

const nothing: CostlyReads = Object.freeze({ target: false, endpoint: false });

/**
 * Finds which facts that cost a call may still change a decision. `facts` are without them. A rule is closed when one of its
 * conjuncts that reads none of them is false, whatever the others say: nobody's endpoint need be read for it. Pure.
 */
export function leavesOpen(rules: RulesByStatus, facts: Facts, now: Date): CostlyReads {
  const concerned = rules.get(facts.connection.status.toLowerCase()) ?? [];
  const asking = concerned.filter(({ condition }) => readsCostly(condition.reads));
  if (asking.length === 0) return nothing;
  const facing = viewFacts(facts, now);
  const open = asking.filter((rule) => !isClosed(rule, facing));
  return {
    target: open.some(({ condition }) => condition.reads.target),
    endpoint: open.some(({ condition }) => condition.reads.endpoint),
  };
}

function isClosed({ condition }: CompiledRule, facing: FactViewResult): boolean {
  // Such facts are held whatever else is known.
  if (facing.kind === 'refused') return true;
  const evaluation = condition.evaluateCheapClauses?.(facing.view);
  return evaluation?.kind === 'answered' && !evaluation.answer;
}
