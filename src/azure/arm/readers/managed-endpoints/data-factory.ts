import * as z from '../../../../base/schema/schema';
import { lower } from '../../../../base/compare';
import type { ManagedLink, ManagedOwner } from '../../../../connections/managed-endpoint-reader';
import type { ArmClient } from '../../client';
import { graphRows } from '../graph-query';
import { ownerFrom } from './link';
import { linksOf } from './listed-links';

/**
 * Matches `{factory}.{managed endpoint}`, the name that Data Factory gives to an endpoint. Only a text that matches
 * becomes part of a query.
 */
const namePattern = /^([A-Za-z0-9-]{3,63})\.([A-Za-z0-9_][A-Za-z0-9_-]{0,126})$/;

/** The most reads of one factory: its managed networks, usually one, and the endpoints of each. */
const readsPerFactory = 4;

/** The most names in one query. */
const namesPerQuery = 100;

/**
 * Reads the links of those factories of the tenant whose endpoints would bear these names. Names of factories are
 * unique in Azure, but another service may use the same pattern. @throws ArmError
 */
export async function findFactoryLinks(
  arm: ArmClient,
  endpointNames: readonly string[],
  tenantId: string,
): Promise<readonly ManagedLink[]> {
  const wanted = endpointNames.filter((name) => namePattern.test(name)).map(lower);
  const factories = [...new Set(wanted.map((name) => name.split('.')[0] ?? ''))];
  const links: ManagedLink[] = [];
  for (let first = 0; first < factories.length; first += namesPerQuery) {
    const owners = await findFactories(arm, factories.slice(first, first + namesPerQuery), tenantId);
    for (const owner of owners) links.push(...((await linksOf(arm, [owner], readsPerFactory)) ?? []));
  }
  const names = new Set(wanted);
  return links.filter(({ tie }) => tie.kind === 'name' && names.has(lower(tie.endpointName)));
}

const rowSchema = z.object({ id: z.string(), tenantId: z.string() });

async function findFactories(
  arm: ArmClient,
  names: readonly string[],
  tenantId: string,
): Promise<readonly ManagedOwner[]> {
  const owners: ManagedOwner[] = [];
  for await (const row of graphRows(arm, { text: factoriesQuery(names, tenantId), subscriptions: [] })) {
    const { data } = rowSchema.safeParse(row);
    const owner = data && lower(data.tenantId) === tenantId ? ownerFrom(data.id) : undefined;
    if (owner !== undefined && names.includes(lower(owner.name))) owners.push(owner);
  }
  return owners;
}

/** Builds the query. `names` have passed the pattern above. */
export function factoriesQuery(names: readonly string[], tenantId: string): string {
  return [
    'resources',
    "| where type =~ 'Microsoft.DataFactory/factories'",
    `| where name in~ (${names.map((name) => `'${name}'`).join(', ')})`,
    `| where tenantId =~ '${tenantId}'`,
    '| project id, tenantId = tostring(tenantId)',
    '| order by id asc',
  ].join('\n');
}
