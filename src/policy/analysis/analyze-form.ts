import { type CelNode, childrenOf, sourceRange } from '../cel/ast';
import { type KnownRule, problemIn } from './known-rule';
import type { PolicyProblem } from '../policy';

/**
 * Finds conditions that mix `&&` and `||` without parentheses: `a && b || c` is true for `c` alone.
 * Pure.
 */
export function mixedOperators(rules: readonly KnownRule[]): readonly PolicyProblem[] {
  return rules.flatMap((rule) => {
    const part = mixedPart(rule.condition);
    if (part === undefined) return [];
    const message = `rule \`${rule.name}\` mixes \`&&\` and \`||\` without parentheses: \`&&\` binds tighter; put parentheses around what belongs together`;
    return [problemIn(rule, part, message)];
  });
}

function mixedPart(node: CelNode): CelNode | undefined {
  if (node.op === '||') {
    const bare = node.args.find((part) => part.op === '&&' && !isParenthesized(part));
    if (bare !== undefined) return bare;
  }
  for (const child of childrenOf(node)) {
    const found = mixedPart(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isParenthesized(node: CelNode): boolean {
  const { start, end } = sourceRange(node);
  return /\(\s*$/.test(node.input.slice(0, start)) && /^\s*\)/.test(node.input.slice(end));
}
