import type { Effect } from '../decision';
import { limitedKinds, type LimitedKind, type PolicyProblem } from '../policy';
import type { PolicyOutline, RuleOutline } from './rule-outline';

/**
 * Finds what is missing among the guards of a policy that writes: for each kind of write the first rule that may want it
 * without a limit. `rules`: those that can match. Pure.
 */
export function guardWarnings(
  { mode, limits }: Pick<PolicyOutline, 'mode' | 'limits'>,
  rules: readonly RuleOutline[],
): readonly PolicyProblem[] {
  if (mode === 'audit') return [];
  return limitedKinds
    .filter((kind) => limits[kind] === undefined)
    .flatMap((kind) => {
      const rule = rules.find(({ effect, statuses }) => kindsOf(effect, statuses).includes(kind));
      return rule === undefined ? [] : [withoutLimit(rule, kind)];
    });
}

/** The kinds of limited writes that a rule with this effect may want of connections with these statuses, in lower case. */
function kindsOf(effect: Effect, statuses: readonly string[]): readonly LimitedKind[] {
  if (effect !== 'reject' && effect !== 'delete') return [];
  const others = effect === 'reject' ? 'rejects' : 'deletes';
  return statuses.map((status) => (status === 'approved' ? 'revocations' : others));
}

function withoutLimit({ name, source, parsed }: RuleOutline, kind: LimitedKind): PolicyProblem {
  const message = `nothing limits the ${kind} of rule \`${name}\`: write \`limits: {${kind}: {perHour: 20, perReview: 5}}\` into one file`;
  return source.problem(parsed.name?.place ?? parsed.place, message);
}
