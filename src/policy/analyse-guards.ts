import type { Effect } from './decision';
import { limitedKinds, type LimitedKind, type PolicyProblem, type WriteLimits } from './policy';
import type { PolicyOutline, RuleOutline } from './rule-outline';

/**
 * What is missing among the guards of a policy that writes: for each kind of write the first rule that may want it
 * without a limit; and approvals whose end may never be carried out. `rules`: those that can match. Pure.
 */
export function guardWarnings(
  { mode, limits }: Pick<PolicyOutline, 'mode' | 'limits'>,
  rules: readonly RuleOutline[],
): readonly PolicyProblem[] {
  if (mode === 'audit') return [];
  const unlimited = limitedKinds
    .filter((kind) => limits[kind] === undefined)
    .flatMap((kind) => {
      const rule = rules.find(({ effect, statuses }) => kindsOf(effect, statuses).includes(kind));
      return rule === undefined ? [] : [withoutLimit(rule, kind)];
    });
  return [...unlimited, ...rules.filter((rule) => neverEnds(rule, limits)).map(withoutEnd)];
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

/** The end of an approval is a revocation. */
function neverEnds({ parsed }: RuleOutline, { revocations }: WriteLimits): boolean {
  const limitsApprovals = parsed.approvals?.expireAfterSeconds !== undefined;
  return limitsApprovals && (revocations?.perHour === 0 || revocations?.perReview === 0);
}

function withoutEnd({ name, source, parsed }: RuleOutline): PolicyProblem {
  const message = `approvals of rule \`${name}\` end only by a person, because \`limits.revocations\` allows none: allow some, or take \`approvals\` out`;
  return source.problem(parsed.approvals?.place ?? parsed.place, message);
}
