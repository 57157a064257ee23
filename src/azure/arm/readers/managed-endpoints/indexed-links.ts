import * as z from '../../../../base/schema/schema';
import { boundedList } from '../../../../base/schema/bounded-list';
import { lower } from '../../../../base/compare';
import { ArmError } from '../../../../base/errors';
import { tryParseJson } from '../../../../base/json';
import type { ManagedLink, ManagedOwner } from '../../../../connections/managed-endpoint-reader';
import type { ArmClient } from '../../client';
import { malformed } from '../../connections/connection-body';
import { graphRows } from '../graph-query';
import { linkOf, ownerFrom, parsedId } from './link';
import { managedServices, ownerTypesFound } from './services';

/** The most links that are read. A tenant with more has an index that cannot be understood as a whole. */
const mostLinks = 20_000;

/** Lists the links that the index shows, with one query for all services. @throws ArmError */
export async function listIndexedLinks(arm: ArmClient, tenantId: string): Promise<readonly ManagedLink[]> {
  const links: ManagedLink[] = [];
  for await (const row of graphRows(arm, { text: indexedLinksQuery(tenantId), subscriptions: [] })) {
    links.push(...linksFrom(row, tenantId));
    if (links.length > mostLinks)
      throw new ArmError('ARM_UNREADABLE', `There are more than ${mostLinks} links`);
  }
  return links;
}

/** Builds the query. All columns are text, so that it can be paged; the links of a resource are one text, so that they are whole. */
export function indexedLinksQuery(tenantId: string): string {
  const owners = ownerTypesFound('embedded');
  const resources = ownerTypesFound('indexed').map((type) =>
    [type, ...managedServices[type].collection].join('/'),
  );
  return [
    'resources',
    `| where type in~ (${[...owners, ...resources].map((type) => `'${type}'`).join(', ')})`,
    `| where tenantId =~ '${tenantId}'`,
    `| extend links = iff(type in~ (${resources.map((type) => `'${type}'`).join(', ')}), tostring(properties), tostring(properties.sharedPrivateLinkResources))`,
    "| where isnotempty(links) and links != '[]'",
    '| project id, tenantId = tostring(tenantId), links',
    '| order by id asc',
  ].join('\n');
}

const rowSchema = z.object({ id: z.string(), tenantId: z.string(), links: z.string() });
const embedded = boundedList(z.object({ name: z.string(), properties: z.optional(z.unknown()) }));

function linksFrom(row: unknown, tenantId: string): readonly ManagedLink[] {
  const parsed = rowSchema.safeParse(row);
  if (!parsed.success) throw malformed('Resource Graph listed links in an unknown form', parsed.error);
  // A resource that a customer delegates to us is listed, too, and is not ours.
  if (lower(parsed.data.tenantId) !== tenantId) return [];
  const links = tryParseJson(parsed.data.links);
  const owner = ownerFrom(parsed.data.id);
  if (owner === undefined) return linkAsResource(parsed.data.id, links);
  const entries = embedded.safeParse(links);
  if (!entries.success) throw malformed(`The links of ${owner.id} are in an unknown form`, entries.error);
  return entries.data.flatMap(({ name, properties }) => linkOf(owner, { names: [name], properties }) ?? []);
}

function linkAsResource(id: string, properties: unknown): readonly ManagedLink[] {
  const owner = ownerOfChild(id);
  const name = parsedId(id)?.names.at(-1);
  const link = owner && name !== undefined ? linkOf(owner, { names: [name], properties }) : undefined;
  return link === undefined ? [] : [link];
}

/** Returns the owner of a link that is a resource of its own. */
function ownerOfChild(id: string): ManagedOwner | undefined {
  return ownerFrom(id.split('/').slice(0, -2).join('/'));
}
