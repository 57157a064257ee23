import type { LocalAzure } from '../../azure';
import {
  governed,
  governedList,
  groupsAnchor,
  type PlannedGovernance,
  type PlannedGrouping,
} from '../../chaos/plan/governed';
import type { Scheduler } from '../kernel/scheduler';
import type { Trace } from '../kernel/trace';

export interface GovernanceParts {
  readonly scheduler: Scheduler;
  readonly azure: LocalAzure;
  readonly trace: Trace;
  /** Called when ARM shows other facts than before. */
  readonly onFacts: () => void;
}

/** Lets somebody move subscriptions between management groups, and Resource Graph refuse to tell, at their times. */
export function startGovernance({ groupings, refuses }: PlannedGovernance, parts: GovernanceParts): void {
  const { scheduler, azure, trace } = parts;
  const at = (seconds: number, act: () => void): void => void scheduler.at(seconds * 1000, act);
  for (const grouping of groupings) {
    at(grouping.atSeconds, () => {
      placeAll(azure, grouping);
      trace.note('governance', describe(grouping));
      parts.onFacts();
    });
  }
  at(refuses.fromSeconds, () => {
    trace.note('Resource Graph', 'refuses every query');
    const id = azure.faults.add({
      path: 'Microsoft\\.ResourceGraph/resources',
      effect: { kind: 'status', status: 403, code: 'AccessDenied', message: 'Access is denied.' },
    });
    at(refuses.untilSeconds - refuses.fromSeconds, () => {
      trace.note('Resource Graph', 'answers again');
      azure.faults.remove(id);
      parts.onFacts();
    });
  });
}

function placeAll({ places }: LocalAzure, { members, isGarbled }: PlannedGrouping): void {
  const { group, tag } = governedList;
  const corp = [{ name: group, displayName: 'Corporate' }];
  places.place(groupsAnchor, { groups: corp });
  for (const [index, id] of governed.entries()) {
    const isMember = members.includes(id);
    // A subscription that is not on the list lacks the tag, or is in another group.
    if (!isMember) places.place(id, index % 2 === 0 ? { groups: corp } : { tags: tag });
    else if (isGarbled && id === members.at(-1)) places.place(id, { groups: corp, tags: unreadableTags });
    else places.place(id, { groups: corp, tags: tag });
  }
}

/** Tags of a kind that Azure does not have. */
const unreadableTags = { ...governedList.tag, order: 7 } as unknown as Readonly<Record<string, string>>;

function describe({ members, isGarbled }: PlannedGrouping): string {
  const whose = members.map((id) => id.slice(-1)).join(', ') || 'no subscription';
  return `the group has ${whose}${isGarbled ? ', of which one cannot be read' : ''}`;
}
