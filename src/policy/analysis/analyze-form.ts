import { type CelNode, childrenOf, sourceRange } from '../cel/ast';
import { commentAfter, isCutOff, shownComment } from '../file/cut-values';
import { placeOf } from '../file/source-text';
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

/**
 * Finds unquoted conditions, reasons and names that YAML ends at ` #`, where their author probably goes on. A comment that
 * reads as one, after `# `, is not reported. Pure.
 */
export function cutValues(rules: readonly KnownRule[]): readonly PolicyProblem[] {
  return rules.flatMap(({ name, source, parsed }) => {
    const values = [
      { key: 'name', place: parsed.name?.place },
      { key: 'when', place: parsed.when && placeOf(parsed.when) },
      { key: 'reason', place: parsed.reasonPlace },
    ];
    return values.flatMap(({ key, place }) => {
      const comment = place && commentAfter(source, place);
      if (place === undefined || comment === undefined) return [];
      const isCut = key === 'when' ? isCutOff(comment) : /^#[^\s#!]/.test(comment);
      if (!isCut) return [];
      const message = `\`${key}\` of rule \`${name}\` ends before ${shownComment(comment)}, where YAML begins a comment: put the whole value in quotes, or the comment on a line of its own`;
      return [source.problem(place, message)];
    });
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
