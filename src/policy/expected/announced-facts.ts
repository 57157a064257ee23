import { lower } from '../../base/compare';
import { idKey } from '../../connections/resource-id';
import type { Facts } from '../facts/facts';
import { type ExpectedRequests, isAnnounced } from './expected-requests';

/**
 * Returns the facts with the announcement that fits them, for tools: they know neither the other connections of the
 * target nor what was used before. What the facts state themselves stays. Pure.
 */
export function withAnnouncement(facts: Facts, { byTarget }: ExpectedRequests, now: Date): Facts {
  const { connection, endpoint, target } = facts;
  if (facts.expected !== undefined || endpoint === undefined || lower(connection.status) !== 'pending')
    return facts;
  const asker = {
    endpointKey: idKey(endpoint.id),
    endpointName: lower(endpoint.name),
    connectionName: lower(connection.name),
    tenantId: endpoint.tenantId && lower(endpoint.tenantId),
  };
  const request = (byTarget.get(idKey(target.id)) ?? []).find(
    ({ who, until }) => now < until && isAnnounced(who, asker),
  );
  return request === undefined ? facts : { ...facts, expected: { by: request.by, until: request.until } };
}
