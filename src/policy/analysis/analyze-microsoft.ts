import { lower } from '../../base/compare';
import { knownMicrosoftSubscriptions } from '../facts/microsoft-subscriptions';
import type { PolicyProblem } from '../policy';
import type { KnownRule } from './known-rule';
import { factPathsOf, type PolicyOutline } from './rule-outline';

/**
 * Finds subscriptions of Microsoft's services in lists that approving rules read. Every customer of such a service
 * asks from there. Pure.
 */
export function microsoftsInLists(
  rules: readonly KnownRule[],
  { lists }: Pick<PolicyOutline, 'lists'>,
): readonly PolicyProblem[] {
  const approving = rules.filter(({ effect }) => effect === 'approve');
  const read = new Set(
    approving
      .flatMap(({ condition }) => factPathsOf(condition))
      .flatMap(({ root, field }) => (root === 'lists' ? field : [])),
  );
  return lists
    .filter(({ name }) => read.has(name))
    .flatMap(({ name, entries, entryPlaces, source }) =>
      entries.flatMap((entry, index) => {
        const service = knownMicrosoftSubscriptions.get(lower(String(entry)));
        const place = entryPlaces[index];
        if (service === undefined || place === undefined) return [];
        const message = `\`lists.${name}\` has a subscription of Microsoft's: every customer of ${service} asks from there; remove it, and check \`requester\`, or announce such requests`;
        return [source.problem(place, message)];
      }),
    );
}
