import { foldText } from '../../connections/fold-text';
import { profileOf, targetTypeFrom } from '../../connections/target-type';
import type { PolicyLists } from '../cel/environment';
import type { PolicyProblem } from '../policy';
import { type Alternative, alternativeRange } from './alternatives';
import { constraintOf } from './analyze-cycles';
import { type KnownRule, problemIn } from './known-rule';

/** Finds rules whose condition wants another type or service than those that the rule is for. Pure. */
export function contradictedTargets(
  rules: readonly KnownRule[],
  lists: PolicyLists,
): readonly PolicyProblem[] {
  return rules.flatMap((rule) => {
    const { types, ways, name, parsed } = rule;
    const [first] = ways;
    if (types === undefined || first === undefined) return [];
    if (!ways.every((way) => isOutside(way, types, lists))) return [];
    const message = `rule \`${name}\` can never match: its \`targets\` are ${parsed.targets.join(', ')}, and its condition wants others; correct one of them`;
    return [problemIn(rule, alternativeRange(first), message)];
  });
}

/** Tells whether none of the types meets what a way requires of `target.type` and `target.service`. */
function isOutside(way: Alternative, types: ReadonlySet<string>, lists: PolicyLists): boolean {
  const wanted = way.flatMap((part) => constraintOf(part, lists) ?? []);
  return [...types].every((text) => {
    const type = targetTypeFrom(text);
    const facts = new Map([
      ['target.type', foldText(text)],
      ['target.service', type === undefined ? '' : foldText(profileOf(type).service)],
    ]);
    return wanted.some(({ fact, values, negated }) => {
      const value = facts.get(fact);
      return value !== undefined && values.has(value) === negated;
    });
  });
}
