import * as z from '../../../base/schema/schema';
import { boundedList } from '../../../base/schema/bounded-list';
import type {
  EndpointDetails,
  NetworkDetails,
  ResourceReader,
  TargetDetails,
} from '../../../connections/connection-store';
import { lower } from '../../../base/compare';
import { parseEndpointId, parseResourceId } from '../../../connections/resource-id';
import { ArmError, PosternError, undefinedIfNotFound } from '../../../base/errors';
import { factLimits } from '../../../policy/facts/fact-limits';
import { parseJson } from '../body';
import { malformed } from '../connections/connection-body';
import type { ArmClient } from '../client';
import { targetApiVersionOf } from '../connections/target-api-versions';

export const networkApiVersion = '2024-05-01';

/** Creates the reader of targets, endpoints and networks, which takes `…/read` on each. 404 resolves to `undefined`. */
export function createArmResourceReader(arm: ArmClient): ResourceReader {
  return {
    async readTarget(target) {
      const body = await read(arm, target.id, await targetApiVersionOf(target.type));
      return body === undefined ? undefined : targetDetailsFrom(body);
    },
    async readEndpoint(endpointId) {
      const body = await read(arm, endpointIdFrom(endpointId), networkApiVersion);
      return body === undefined ? undefined : endpointDetailsFrom(body);
    },
    async readNetwork(networkId) {
      const body = await read(arm, networkIdFrom(networkId), networkApiVersion);
      return body === undefined ? undefined : networkDetailsFrom(body);
    },
  };
}

/** Reads a resource by its id, which must have passed a parser: no character of it can leave the path. */
function read(arm: ArmClient, id: string, apiVersion: string): Promise<unknown> {
  const url = `${arm.origin}${encodeURI(id)}?api-version=${apiVersion}`;
  return undefinedIfNotFound(async () => {
    const reply = await arm.send({ method: 'GET', url });
    return reply.httpStatus === 204 ? undefined : parseJson(reply.body);
  });
}

function endpointIdFrom(text: string): string {
  return idOrRefusal(() => parseEndpointId(text));
}

/** Checks the id of a network, which comes from the requester's endpoint. */
function networkIdFrom(text: string): string {
  const isNetwork = (type: string): boolean => lower(type) === 'microsoft.network/virtualnetworks';
  return idOrRefusal(() => {
    const parsed = parseResourceId(text);
    if (isNetwork(parsed.type)) return parsed;
    throw new PosternError('RESOURCE_ID_INVALID', 'it is not a virtual network');
  });
}

function idOrRefusal(parse: () => { readonly id: string }): string {
  try {
    return parse().id;
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    throw new ArmError('ARM_REFUSED', `Nothing was read: ${error.message}`);
  }
}

const targetSchema = z.object({
  kind: z.nullish(z.string()),
  location: z.nullish(z.string()),
  tags: z.optional(z.unknown()),
  properties: z.nullish(z.object({ provisioningState: z.nullish(z.string()) })),
});

function targetDetailsFrom(body: unknown): TargetDetails {
  const parsed = targetSchema.safeParse(body);
  if (!parsed.success) throw malformed('The reply is not a resource', parsed.error);
  const { kind, location, tags, properties } = parsed.data;
  return {
    provisioningState: properties?.provisioningState ?? undefined,
    kind: kind ?? undefined,
    location: location ?? undefined,
    tags: tagsFrom(tags),
  };
}

const links = z.nullish(
  boundedList(z.object({ properties: z.nullish(z.object({ privateLinkServiceId: z.nullish(z.string()) })) })),
);

const endpointSchema = z.object({
  location: z.nullish(z.string()),
  tags: z.optional(z.unknown()),
  properties: z.object({
    resourceGuid: z.nullish(z.string()),
    subnet: z.nullish(z.object({ id: z.nullish(z.string()) })),
    privateLinkServiceConnections: links,
    manualPrivateLinkServiceConnections: links,
  }),
});

function endpointDetailsFrom(body: unknown): EndpointDetails {
  const parsed = endpointSchema.safeParse(body);
  if (!parsed.success) throw malformed('The reply is not a private endpoint', parsed.error);
  const { location, tags, properties } = parsed.data;
  const manualTargetIds = targetsOf(properties.manualPrivateLinkServiceConnections);
  return {
    location: location ?? undefined,
    tags: tagsFrom(tags),
    subnetId: properties.subnet?.id ?? undefined,
    targetIds: [...targetsOf(properties.privateLinkServiceConnections), ...manualTargetIds],
    manualTargetIds,
    resourceGuid: properties.resourceGuid || undefined,
  };
}

function targetsOf(asked: z.output<typeof links>): readonly string[] {
  return (asked ?? []).flatMap((link) => link.properties?.privateLinkServiceId || []);
}

const networkSchema = z.object({
  properties: z.object({
    virtualNetworkPeerings: z.nullish(
      boundedList(
        z.object({
          properties: z.nullish(
            z.object({
              peeringState: z.nullish(z.string()),
              remoteVirtualNetwork: z.nullish(z.object({ id: z.nullish(z.string()) })),
            }),
          ),
        }),
      ),
    ),
  }),
});

function networkDetailsFrom(body: unknown): NetworkDetails {
  const parsed = networkSchema.safeParse(body);
  if (!parsed.success) throw malformed('The reply is not a virtual network', parsed.error);
  const peerings = parsed.data.properties.virtualNetworkPeerings ?? [];
  return {
    peeredNetworks: peerings.flatMap(({ properties }) =>
      lower(properties?.peeringState ?? '') === 'connected' ? properties?.remoteVirtualNetwork?.id || [] : [],
    ),
  };
}

/** The number of tags to keep: one more than policies read, because with so many the decision is to hold. */
const keptTags = factLimits.tags + 1;

/** Reads tags. A tag that is not text makes the whole reply unreadable: policy must not decide without it. */
function tagsFrom(tags: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(tags ?? {}).slice(0, keptTags);
  const isReadable = typeof (tags ?? {}) === 'object' && !Array.isArray(tags);
  if (isReadable && entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')) {
    return Object.fromEntries(entries);
  }
  throw new ArmError('ARM_UNREADABLE', 'The tags are not all text');
}
