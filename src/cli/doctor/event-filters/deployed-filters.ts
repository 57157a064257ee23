import filters from '../../../../infra/events/filters.json';
import type { EventCondition } from './event-subscription';

/** What the templates of this build put on an event subscription. */
export interface DeployedFilters {
  /** Tells this version of all filters from another one, in a label of the event subscription; absent: it has none. */
  readonly digest: string | undefined;
  /** By topic type in lower case: the conditions. */
  readonly conditions: ReadonlyMap<string, readonly EventCondition[]>;
}

export const deployedFilters: DeployedFilters = filtersFrom(filters);

/** From `infra/events/filters.json`: one member for each kind of topic, and perhaps a digest over all. */
export function filtersFrom(file: object): DeployedFilters {
  const { digest } = file as { readonly digest?: unknown };
  return {
    digest: typeof digest === 'string' ? digest : undefined,
    conditions: new Map(Object.values(file).flatMap(kindFrom)),
  };
}

interface Kind {
  readonly topicType: string;
  readonly advancedFilters?: readonly EventCondition[];
  readonly filter?: Pick<Kind, 'advancedFilters'>;
}

function kindFrom(value: unknown): [string, readonly EventCondition[]][] {
  if (typeof value !== 'object' || value === null || !('topicType' in value)) return [];
  const { topicType, filter, advancedFilters } = value as Kind;
  return [[topicType.toLowerCase(), filter?.advancedFilters ?? advancedFilters ?? []]];
}
