import * as z from '../../../../base/schema/schema';
import { undefinedIfNotFound } from '../../../../base/errors';
import { isGuid } from '../../../../base/guid';
import { ArmError } from '../../../../base/errors';
import type { ManagedEndpointReader, ManagedLink } from '../../../../connections/managed-endpoint-reader';
import { parseJson } from '../../body';
import type { ArmClient } from '../../client';
import { malformed } from '../../connections/connection-body';
import { findFactoryLinks } from './data-factory';
import { listIndexedLinks } from './indexed-links';
import { linkOf, parsedId } from './link';
import { listOtherLinks } from './listed-links';
import { managedServices } from './services';

/** Creates the reader of our resources behind managed endpoints, for all services of the table. */
export function createArmManagedEndpointReader(arm: ArmClient): ManagedEndpointReader {
  return {
    listIndexed: async (tenantId) => listIndexedLinks(arm, checked(tenantId)),
    listOthers: async (tenantId) => listOtherLinks(arm, checked(tenantId)),
    findNamed: async (names, tenantId) => findFactoryLinks(arm, names, checked(tenantId)),
    read: (link) => readLink(arm, link),
  };
}

/** Checks a tenant, which becomes part of a query. */
function checked(tenantId: string): string {
  if (!isGuid(tenantId)) throw new ArmError('ARM_REFUSED', 'Nothing was read: the tenant is not a GUID');
  return tenantId.toLowerCase();
}

const linkSchema = z.object({ properties: z.optional(z.unknown()) });

async function readLink(arm: ArmClient, { id, owner }: ManagedLink): Promise<ManagedLink | undefined> {
  const names = parsedId(id)?.names.slice(1);
  if (names === undefined) throw new ArmError('ARM_REFUSED', 'Nothing was read: the link has no id');
  const url = `${arm.origin}${encodeURI(id)}?api-version=${managedServices[owner.type].apiVersion}`;
  return undefinedIfNotFound(async () => {
    const { body } = await arm.send({ method: 'GET', url });
    const parsed = linkSchema.safeParse(parseJson(body));
    if (!parsed.success) throw malformed('The reply is not a link', parsed.error);
    return linkOf(owner, { names, properties: parsed.data.properties });
  });
}
