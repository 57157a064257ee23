/** The filter of an event subscription. https://learn.microsoft.com/azure/event-grid/event-filtering */
export interface EventFilter {
  readonly includedEventTypes?: readonly string[];
  readonly advancedFilters?: readonly AdvancedFilter[];
  readonly subjectBeginsWith?: string;
  readonly subjectEndsWith?: string;
}

export interface AdvancedFilter {
  readonly operatorType: string;
  readonly key: string;
  readonly values: readonly string[];
}

/**
 * Returns whether Event Grid would deliver an event in its own schema. Every filter must hold; texts are
 * compared case-insensitively.
 */
export function isDelivered(filter: EventFilter, event: Readonly<Record<string, unknown>>): boolean {
  const { includedEventTypes, advancedFilters = [], subjectBeginsWith = '', subjectEndsWith = '' } = filter;
  const type = lower(event['eventType']);
  if (includedEventTypes !== undefined && !includedEventTypes.some((one) => one.toLowerCase() === type))
    return false;
  const subject = lower(event['subject']);
  if (!subject.startsWith(subjectBeginsWith.toLowerCase())) return false;
  if (!subject.endsWith(subjectEndsWith.toLowerCase())) return false;
  return advancedFilters.every((one) => holds(one, valueAt(event, one.key)));
}

/** Returns the reasons for which Event Grid would refuse the filter. */
export function filterProblems({ advancedFilters = [] }: EventFilter): string[] {
  const values = advancedFilters.flatMap((one) => one.values);
  return [
    ...(advancedFilters.length > 25 ? [`${advancedFilters.length} advanced filters`] : []),
    ...(values.length > 25 ? [`${values.length} values in all`] : []),
    ...values.filter((value) => value.length > 512).map((value) => `${value.length} characters in one value`),
    ...advancedFilters
      .filter(({ key }) => !/^(?:subject|eventType|topic|id|data(?:\.\w+){1,5})$/i.test(key))
      .map(({ key }) => `the key ${key}`),
    ...advancedFilters
      .filter(({ operatorType }) => !operators.has(operatorType))
      .map(({ operatorType }) => `the operator ${operatorType}`),
  ];
}

type Operator = (value: string, wanted: string) => boolean;

const operators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['StringBeginsWith', (value, wanted) => value.startsWith(wanted)],
  ['StringEndsWith', (value, wanted) => value.endsWith(wanted)],
  ['StringContains', (value, wanted) => value.includes(wanted)],
  ['StringIn', (value, wanted) => value === wanted],
]);

/** Returns whether a filter holds. None of these operators holds for a missing field. */
function holds({ operatorType, values }: AdvancedFilter, value: unknown): boolean {
  const operator = operators.get(operatorType);
  if (operator === undefined) throw new Error(`The operator ${operatorType} is not known here`);
  return typeof value === 'string' && values.some((wanted) => operator(lower(value), wanted.toLowerCase()));
}

function valueAt(event: unknown, key: string): unknown {
  return key.split('.').reduce<unknown>((value, name) => {
    if (typeof value !== 'object' || value === null) return undefined;
    const found = Object.entries(value).find(([own]) => own.toLowerCase() === name.toLowerCase());
    return found?.[1];
  }, event);
}

function lower(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : '';
}
