import { Document } from 'yaml';
import type { RuleText } from './conditions';

/**
 * Prints a policy in `mode: audit`. The text parses to exactly these rules, whatever their texts contain.
 *
 * @param heading lines of a comment at the top
 */
export function policyText(rules: readonly RuleText[], heading: readonly string[]): string {
  const lists = Object.fromEntries(rules.flatMap((rule) => [...rule.lists]));
  const document = new Document({
    version: 1,
    mode: 'audit',
    ...(Object.keys(lists).length === 0 ? {} : { lists }),
    rules: rules.map(({ name, targets, when, reason }) => ({
      name,
      effect: 'approve',
      ...(targets === undefined ? {} : { targets }),
      when,
      reason,
    })),
  });
  document.commentBefore = heading.map((line) => ` ${line}`).join('\n');
  return document.toString({ lineWidth: 0 });
}
