import type { DeployedFilters } from './deployed-filters';
import type { EventCondition, EventSubscription } from './event-subscription';
import { problem, warning, type Finding } from '../finding';

const again = 'deploy stage two again, and the onboarding of a management group';

/**
 * Whether an event subscription lets through what this build can use. An upgrade of the app alone leaves the old conditions
 * in place: requests of what is new are then found by the sweep only.
 */
export function judgeFilter(
  place: string,
  { name, conditions, labels }: EventSubscription,
  { topicType, filters }: { readonly topicType: string; readonly filters: DeployedFilters },
): readonly Finding[] {
  const wanted = filters.conditions.get(topicType.toLowerCase()) ?? [];
  const findings: Finding[] = [];
  for (const condition of conditions) {
    const same = wanted.find((one) => isAlike(one, condition));
    if (same === undefined)
      findings.push(
        warning(place, `${name} has a condition that no template has: ${reported(condition)}`, again),
      );
    const missing = same === undefined ? [] : same.values.filter((value) => !passes(condition, value));
    if (missing.length > 0)
      findings.push(
        problem(place, `${name} is of an older version and does not deliver ${missing.join(', ')}`, again),
      );
  }
  return findings.length > 0 ? findings : judgeLabels(place, { name, labels }, filters.digest);
}

/** What else an older version did otherwise: how it is delivered, where to, and what is left out again. */
function judgeLabels(
  place: string,
  { name, labels }: Pick<EventSubscription, 'name' | 'labels'>,
  digest: string | undefined,
): readonly Finding[] {
  const digests = labels.flatMap((label) => labelPattern.exec(label)?.[1] ?? []);
  if (digest === undefined || digests.length === 0 || digests.includes(digest)) return [];
  return [
    warning(place, `${name} was made by another version: ${digests.join(', ')} instead of ${digest}`, again),
  ];
}

const labelPattern = /^postern-([0-9a-f]{12})(?:-|$)/i;

function isAlike(one: EventCondition, other: EventCondition): boolean {
  return (
    one.key.toLowerCase() === other.key.toLowerCase() &&
    one.operatorType.toLowerCase() === other.operatorType.toLowerCase()
  );
}

/** Event Grid compares texts without case. */
function passes({ operatorType, values }: EventCondition, wanted: string): boolean {
  const text = wanted.toLowerCase();
  const isPrefix = operatorType.toLowerCase() === 'stringbeginswith';
  return values.some((value) =>
    isPrefix ? text.startsWith(value.toLowerCase()) : text === value.toLowerCase(),
  );
}

function reported({ key, operatorType, values }: EventCondition): string {
  return `${operatorType} of ${key}${values.length === 0 ? '' : `: ${values.slice(0, 3).join(', ')}`}`;
}
