import { loadPolicy } from '../policy/compile-policy';
import { analyzePolicy } from '../policy/analysis/analyze-policy';
import type { Policy } from '../policy/policy';
import type { Estate } from './estate/estate';
import { learnRules } from './learn/learn';
import { problemOf } from './problem/problem';
import { keyOfText } from './problem/used-text';
import { namedRules } from './names';
import { ruleTexts } from './print/conditions';
import type { SuggestedRule } from './print/named-rule';
import { policyText } from './print/policy-text';
import { unusableTexts } from './unusable-texts';

/** A policy that explains what people approved. */
export interface Suggestion {
  readonly rules: readonly SuggestedRule[];
  /** The text of the policy file. It loads, and `validate` finds nothing in it. */
  readonly text: string;
  readonly policy: Policy;
}

const heading = [
  'A proposal, learned from what people approved. `mode: audit` only records decisions: read the rules, and change what',
  'is wrong, before you set `mode: enforce`.',
];

/**
 * Learns a policy from an estate. Returns undefined if there is no approval that a safe rule could explain. A text that a
 * policy cannot state without a finding, such as one with invisible characters, becomes part of no rule. Pure.
 */
export function suggestPolicy(estate: Estate): Suggestion | undefined {
  const unusable = new Set<string>();
  for (;;) {
    const problem = problemOf(estate, unusable);
    const rules = namedRules(problem, learnRules(problem));
    const suggestion = checked(rules);
    if (rules.length === 0 || suggestion !== undefined) return suggestion;
    const texts = unusableTexts(rules);
    if (texts.length === 0) return withoutFindings(rules);
    for (const text of texts) unusable.add(keyOfText(text));
  }
}

/** Returns the suggestion if there is a rule and `validate` finds nothing. */
function checked(rules: readonly SuggestedRule[]): Suggestion | undefined {
  if (rules.length === 0) return undefined;
  const text = policyText(ruleTexts(rules), heading);
  const files = [{ path: 'policy.yaml', text }];
  const load = loadPolicy(files);
  if (load.kind === 'refused' || analyzePolicy(files).length > 0) return undefined;
  return { rules, text, policy: load.policy };
}

/** Keeps the rules that together cause no finding, in their order. */
function withoutFindings(rules: readonly SuggestedRule[]): Suggestion | undefined {
  return rules.reduce<Suggestion | undefined>(
    (kept, rule) => checked([...(kept?.rules ?? []), rule]) ?? kept,
    undefined,
  );
}
