import type { Decision } from '../../policy/decision';
import type { CaseFile, PolicyCase } from './policy-cases';

/** The decision on one case, and whether it is the expected one. */
export interface CaseResult {
  readonly about: PolicyCase;
  readonly passed: boolean;
  /** `undefined`: no rule applies to the status. */
  readonly decision: Decision | undefined;
}

/** Number of cases in which a rule matched, missed, or could not be evaluated. */
export interface RuleCoverage {
  readonly rule: string;
  readonly effect: Decision['effect'];
  matched: number;
  missed: number;
  failed: number;
}

/** The results of all cases, and how many rules they cover. */
export interface CasesReport {
  readonly results: readonly CaseResult[];
  readonly coverage: readonly RuleCoverage[];
  /** Percentage of the rules that matched in some case; 100 if the policy has no rules. */
  readonly percent: number;
}

/** Decides every case and counts how often each rule matched. Pure. */
export function runCases(
  files: readonly CaseFile[],
  rules: readonly Pick<RuleCoverage, 'rule' | 'effect'>[],
): CasesReport {
  const coverage = new Map(
    rules.map(({ rule, effect }) => [rule, { rule, effect, matched: 0, missed: 0, failed: 0 }]),
  );
  const results = files.flatMap(({ policy, cases }) =>
    cases.map((about): CaseResult => {
      const decision = policy.decide(about.facts, about.now);
      for (const { rule, kind } of decision?.outcomes ?? []) {
        const counts = coverage.get(rule);
        if (counts !== undefined) counts[kind] += 1;
      }
      return { about, decision, passed: passes(about, decision) };
    }),
  );
  const hit = [...coverage.values()].filter(({ matched }) => matched > 0).length;
  const percent = rules.length === 0 ? 100 : (100 * hit) / rules.length;
  return { results, coverage: [...coverage.values()], percent };
}

function passes({ effect, rules, expireAfter }: PolicyCase, decision: Decision | undefined): boolean {
  if ((decision?.effect ?? 'none') !== effect) return false;
  if (expireAfter !== undefined && expireAfter !== (decision?.expireAfterSeconds ?? 'none')) return false;
  return rules === undefined || rules.join() === [...(decision?.rules ?? [])].sort().join();
}
