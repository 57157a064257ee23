import { analyzePolicy } from '../policy/analysis/analyze-policy';
import { loadPolicy } from '../policy/compile-policy';
import type { UsedText } from './problem/used-text';
import { ruleTexts } from './print/conditions';
import type { SuggestedRule } from './print/named-rule';
import { policyText } from './print/policy-text';

/** Finds the texts that a policy cannot state without a finding, each tried in a policy of its own. */
export function unusableTexts(rules: readonly SuggestedRule[]): readonly UsedText[] {
  const ofRequesters = rules.flatMap(({ requester: { kind, texts } }) =>
    texts
      .filter((text) =>
        hasFinding({ name: 'tried', requester: { kind, texts: [text] }, target: [], approvals: 1 }),
      )
      .map((text): UsedText => ({ fact: kind, text })),
  );
  const ofTargets = rules.flatMap(({ target }) =>
    target.flatMap(({ fact, texts }) => {
      if (fact.kind === 'tag' && isUnusable(fact, 'plain')) return [{ fact }];
      return texts.filter((text) => isUnusable(fact, text)).map((text): UsedText => ({ fact, text }));
    }),
  );
  return [...ofRequesters, ...ofTargets];
}

function isUnusable(fact: SuggestedRule['target'][number]['fact'], text: string): boolean {
  return hasFinding({
    name: 'tried',
    requester: { kind: 'tenant', texts: ['own'] },
    target: [{ fact, texts: [text], negated: false }],
    approvals: 1,
  });
}

function hasFinding(rule: SuggestedRule): boolean {
  const files = [{ path: 'policy.yaml', text: policyText(ruleTexts([rule]), []) }];
  return loadPolicy(files).kind === 'refused' || analyzePolicy(files).length > 0;
}
