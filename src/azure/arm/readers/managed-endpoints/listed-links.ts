import * as z from '../../../../base/schema/schema';
import { lower } from '../../../../base/compare';
import { ArmError, isUnreadable } from '../../../../base/errors';
import type { ManagedLink, ManagedOwner } from '../../../../connections/managed-endpoint-reader';
import { isSafeName } from '../../../../connections/resource-id';
import type { ArmClient } from '../../client';
import { malformed } from '../../connections/connection-body';
import { graphRows } from '../graph-query';
import { listItems } from '../../pages';
import { linkOf, ownerFrom, type ShownLink } from './link';
import { managedServices, ownerTypesFound } from './services';

/** The most reads for one list of all links. */
export const mostReads = 50;

/**
 * Lists the links of all owners that the index shows without them: Data Explorer, Stream Analytics, Front Door. An
 * owner that may not be read is left out. Resolves to `undefined` if it takes too many reads. @throws ArmError
 */
export async function listOtherLinks(
  arm: ArmClient,
  tenantId: string,
): Promise<readonly ManagedLink[] | undefined> {
  const owners = await listOwners(arm, tenantId);
  if (owners === undefined) return undefined;
  return linksOf(arm, owners, mostReads);
}

/**
 * Lists the links of owners as ARM shows them now. Resolves to `undefined` if it takes more than `most` reads. @throws
 * ArmError
 */
export async function linksOf(
  arm: ArmClient,
  owners: readonly ManagedOwner[],
  most: number,
): Promise<readonly ManagedLink[] | undefined> {
  const counted = withBudget(arm, most);
  const links: ManagedLink[] = [];
  try {
    for (const owner of owners) links.push(...(await linksOfOwner(counted, owner)));
  } catch (error) {
    if (error instanceof BudgetSpent) return undefined;
    throw error;
  }
  return links;
}

async function linksOfOwner(arm: ArmClient, owner: ManagedOwner): Promise<readonly ManagedLink[]> {
  const shown = await unlessUnreadable(() => listShown(arm, owner.id, owner, []));
  return (shown ?? []).flatMap((link) => linkOf(owner, link) ?? []);
}

/** Lists the links below a resource, level by level. `names`: those of the levels above. */
async function listShown(
  arm: ArmClient,
  parent: string,
  owner: ManagedOwner,
  names: readonly string[],
): Promise<readonly ShownLink[]> {
  const { collection, apiVersion } = managedServices[owner.type];
  const word = collection[names.length] ?? '';
  const shown: ShownLink[] = [];
  const url = `${arm.origin}${encodeURI(`${parent}/${word}`)}?api-version=${apiVersion}`;
  for await (const item of listItems(arm, url)) shown.push(shownFrom(item, names));
  if (names.length === collection.length - 1) return shown;
  const below: ShownLink[] = [];
  for (const level of shown.filter((each) => each.names.every(isSafeName)))
    below.push(...(await listShown(arm, `${parent}/${word}/${level.names.at(-1)}`, owner, level.names)));
  return below;
}

const itemSchema = z.object({ name: z.string().check(z.minLength(1)), properties: z.optional(z.unknown()) });

/** Reads one item of a list. Data Explorer names its items `owner/link`. */
function shownFrom(item: unknown, above: readonly string[]): ShownLink {
  const parsed = itemSchema.safeParse(item);
  if (!parsed.success) throw malformed('The reply is not a list of links', parsed.error);
  const { name, properties } = parsed.data;
  return { names: [...above, name.split('/').at(-1) ?? name], properties };
}

/** Lists the owners, or resolves to `undefined` if their links alone would take too many reads. */
async function listOwners(arm: ArmClient, tenantId: string): Promise<readonly ManagedOwner[] | undefined> {
  const owners: ManagedOwner[] = [];
  for await (const row of graphRows(arm, { text: ownersQuery(tenantId), subscriptions: [] })) {
    const { data } = ownerSchema.safeParse(row);
    const owner = data && lower(data.tenantId) === tenantId ? ownerFrom(data.id) : undefined;
    if (owner !== undefined) owners.push(owner);
    if (owners.length > mostReads) return undefined;
  }
  return owners;
}

const ownerSchema = z.object({ id: z.string(), tenantId: z.string() });

/** Builds the query. Of Front Door's profiles, only the premium ones can have links. */
export function ownersQuery(tenantId: string): string {
  const types = ownerTypesFound('listed').map((type) => `'${type}'`);
  return [
    'resources',
    `| where type in~ (${types.join(', ')})`,
    "| where type !~ 'Microsoft.Cdn/profiles' or tostring(sku.name) =~ 'Premium_AzureFrontDoor'",
    `| where tenantId =~ '${tenantId}'`,
    '| project id, tenantId = tostring(tenantId)',
    '| order by id asc',
  ].join('\n');
}

class BudgetSpent extends Error {}

/** Counts requests, and refuses the one after the last that is allowed. */
function withBudget(arm: ArmClient, most: number): ArmClient {
  let sent = 0;
  return {
    ...arm,
    send(request) {
      sent += 1;
      return sent > most ? Promise.reject(new BudgetSpent()) : arm.send(request);
    },
  };
}

async function unlessUnreadable<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ArmError && isUnreadable(error)) return undefined;
    throw error;
  }
}
