import { ArmError } from '../../../base/errors';

/** What Resource Graph expands of one target: 128 unless stated, and no more than this. */
const connectionsPerTarget = 400;

/**
 * The Resource Graph query of the sweep. All columns are text and the order is total, because Resource Graph pages
 * only over such results; `id` is there because older rules of paging asked for it.
 */
export function sweepQuery(types: readonly string[], statuses: readonly string[]): string {
  return [
    'resources',
    `| where type in~ (${types.map(quoted).join(', ')})`,
    `| mv-expand connection = properties.privateEndpointConnections limit ${connectionsPerTarget}`,
    '| extend status = tostring(connection.properties.privateLinkServiceConnectionState.status)',
    `| where status in~ (${statuses.map(quoted).join(', ')})`,
    '| project id, targetId = tostring(id), connectionId = tostring(connection.id), status',
    '| order by id asc, connectionId asc',
  ].join('\n');
}

const controlPattern = /[\p{C}\p{Zl}\p{Zp}]/u;

/** A KQL string literal. @throws ArmError ARM_REFUSED for text that no status has. */
function quoted(text: string): string {
  if (controlPattern.test(text)) {
    throw new ArmError('ARM_REFUSED', 'A status with control characters cannot be searched for');
  }
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
