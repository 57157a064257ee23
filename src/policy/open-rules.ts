import { allReads, type CostlyReads, noReads, readsCostly } from './cel/costly-reads';
import { lower } from '../base/compare';
import { type CompiledRule, type GivenLists, isFor, type RulesByStatus, withLists } from './decide';
import { viewFacts } from './facts/fact-view';
import type { Facts } from './facts/facts';

/**
 * Finds which costly facts may still change a decision. `facts` are the facts without them. A rule
 * is closed if one of its clauses that read no costly fact is false, whatever its other clauses
 * yield: no endpoint needs to be read for it. Pure.
 */
export function leavesOpen(rules: RulesByStatus, facts: Facts, now: Date, lists?: GivenLists): CostlyReads {
  const applicable = rules.get(facts.connection.status.toLowerCase()) ?? [];
  const type = lower(facts.target.type);
  const reading = applicable.filter((rule) => isFor(rule, type) && readsCostly(rule.condition.reads));
  if (reading.length === 0) return noReads;
  const viewed = withLists(viewFacts(facts, now), lists);
  const open = reading.filter((rule) => !isClosed(rule, viewed));
  return allReads(open.map(({ condition }) => condition.reads));
}

function isClosed({ condition }: CompiledRule, viewed: ReturnType<typeof withLists>): boolean {
  // Such connections are held whatever the costly facts are.
  if (viewed.kind === 'refused') return true;
  const evaluation = condition.evaluateCheapClauses?.(viewed.view);
  return evaluation?.kind === 'answered' && !evaluation.answer;
}
