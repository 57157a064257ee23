import type { TaggedGroup } from '../../policy/facts/facts';
import type { FactsInput } from './facts-schema';

/**
 * Tells whether facts are an example, as in a test case, and not those of a real connection: they lack what every
 * real one has. An empty file is neither.
 */
export function isExample(input: FactsInput): boolean {
  const { connection, endpoint, expected } = input;
  if (Object.values(input).every((group) => group === undefined)) return false;
  return (
    connection?.id === undefined ||
    connection.status === undefined ||
    (endpoint !== undefined && endpoint !== null && endpoint.id === undefined) ||
    (expected !== undefined && expected !== null && Object.keys(expected).length < 2)
  );
}

/** Lists what an example does not state, so that it is made up. */
export function madeUpIn({ connection, endpoint, target, consumer }: FactsInput): readonly string[] {
  const all: readonly (readonly [string, unknown])[] = [
    ['connection.id', connection?.id],
    ['connection.status', connection?.status],
    ['endpoint', endpoint],
    ...(endpoint ? [['endpoint.subscriptionId', endpoint.subscriptionId ?? endpoint.id] as const] : []),
    ...(endpoint ? [['endpoint.tags', endpoint.tags] as const] : []),
    ['target.type', target?.type ?? target?.id ?? connection?.id],
    ['target.name', target?.name ?? target?.id ?? connection?.id],
    ['target.tags', target?.tags],
    ...(endpoint === null ? [] : [['consumer', consumer] as const]),
  ];
  return all.flatMap(([name, stated]) => (stated === undefined ? [name] : []));
}

/** Lists the groups of whose tags an example says nothing. Tags that are stated as `null` could not be read. */
export function unstatedTagsIn({ endpoint, requester, target }: FactsInput): readonly TaggedGroup[] {
  return [
    ...(target?.tags === undefined ? ['target' as const] : []),
    ...(endpoint !== null && endpoint?.tags === undefined ? ['endpoint' as const] : []),
    ...(requester?.subscriptionTags === undefined ? ['requester' as const] : []),
  ];
}
