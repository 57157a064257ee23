import type { DeployedFilters } from './deployed-filters';
import type { EventCondition, EventSubscription } from '../../../events/event-subscription';
import { problem, warning, type Finding } from '../finding';

const redeploy = 'deploy stage two again, and repeat the onboarding of management groups';

/**
 * Checks whether an event subscription delivers all events that this version uses. If only the app
 * is upgraded, the old conditions stay, and only the sweep finds requests on new target types.
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
    const newer = same === undefined ? wanted.find((one) => isOlder(condition, one)) : undefined;
    if (newer !== undefined)
      findings.push(
        problem(
          place,
          `${name} has a condition of an older version, which leaves out requests for other types of target: ${conditionText(condition)}; it is now ${conditionText(newer)}`,
          redeploy,
        ),
      );
    else if (same === undefined)
      findings.push(
        warning(
          place,
          `${name} has a condition that is in no template: ${conditionText(condition)}`,
          redeploy,
        ),
      );
    const missing = same === undefined ? [] : same.values.filter((value) => !passes(condition, value));
    if (missing.length > 0)
      findings.push(
        problem(
          place,
          `${name} has the conditions of an older version and does not deliver ${missing.join(', ')}`,
          redeploy,
        ),
      );
  }
  return findings.length > 0 ? findings : judgeLabels(place, { name, labels }, filters.digest);
}

/**
 * Compares the label with this version's digest, which also covers the destination and the delivery
 * options.
 */
function judgeLabels(
  place: string,
  { name, labels }: Pick<EventSubscription, 'name' | 'labels'>,
  digest: string | undefined,
): readonly Finding[] {
  const digests = labels.flatMap((label) => labelPattern.exec(label)?.[1] ?? []);
  if (digest === undefined || digests.length === 0 || digests.includes(digest)) return [];
  return [
    warning(
      place,
      `${name} was created by another version: ${digests.join(', ')} instead of ${digest}`,
      redeploy,
    ),
  ];
}

const labelPattern = /^postern-([0-9a-f]{12})(?:-|$)/i;

function isAlike(one: EventCondition, other: EventCondition): boolean {
  return (
    one.key.toLowerCase() === other.key.toLowerCase() &&
    one.operatorType.toLowerCase() === other.operatorType.toLowerCase()
  );
}

/** Older versions named each type that an operation begins with, or that a resource is of. */
function isOlder(condition: EventCondition, now: EventCondition): boolean {
  const before = condition.operatorType.toLowerCase();
  return (
    condition.key.toLowerCase() === now.key.toLowerCase() &&
    (before === 'stringbeginswith' || before === 'stringin') &&
    now.operatorType.toLowerCase() === 'stringcontains'
  );
}

/** Returns whether a condition admits a value. Event Grid ignores case. */
function passes({ operatorType, values }: EventCondition, wanted: string): boolean {
  const text = wanted.toLowerCase();
  const operator = operatorType.toLowerCase();
  return values.some((each) => {
    const value = each.toLowerCase();
    if (operator === 'stringbeginswith') return text.startsWith(value);
    return operator === 'stringcontains' ? text.includes(value) : text === value;
  });
}

function conditionText({ key, operatorType, values }: EventCondition): string {
  return `${operatorType} on ${key}${values.length === 0 ? '' : `: ${values.slice(0, 3).join(', ')}`}`;
}
