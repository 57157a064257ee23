import { type CelNode, childrenOf, sourceRange } from '../cel/ast';
import { type KnownRule, problemIn } from './known-rule';
import type { PolicyProblem } from '../policy';

/** `&&` beside `||` without brackets: `a && b || c` is true for `c` alone, whatever its author thought. Pure. */
export function mixedOperators(rules: readonly KnownRule[]): readonly PolicyProblem[] {
  return rules.flatMap((rule) => {
    const part = mixedPart(rule.condition);
    if (part === undefined) return [];
    const message = `rule \`${rule.name}\` mixes \`&&\` and \`||\` without brackets: \`&&\` goes first; put brackets around what belongs together`;
    return [problemIn(rule, part, message)];
  });
}

function mixedPart(node: CelNode): CelNode | undefined {
  if (node.op === '||') {
    const bare = node.args.find((part) => part.op === '&&' && !isBracketed(part));
    if (bare !== undefined) return bare;
  }
  for (const child of childrenOf(node)) {
    const found = mixedPart(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isBracketed(node: CelNode): boolean {
  const { start, end } = sourceRange(node);
  return /\(\s*$/.test(node.input.slice(0, start)) && /^\s*\)/.test(node.input.slice(end));
}
