import filters from '../../../../infra/events/filters.json';
import type { EventCondition } from '../../../events/event-subscription';

/** The filter conditions that this version's templates set on event subscriptions. */
export interface DeployedFilters {
  /**
   * Digest of all filters, which the templates put into a label of the event subscription; absent
   * if there is none.
   */
  readonly digest: string | undefined;
  /** Conditions by topic type in lower case. */
  readonly conditions: ReadonlyMap<string, readonly EventCondition[]>;
}

/** The filter conditions of this version, from `infra/events/filters.json`. */
export const deployedFilters: DeployedFilters = filtersFrom(filters);

/** Parses the content of a filter file: one member for each topic type, and optionally a digest. */
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
