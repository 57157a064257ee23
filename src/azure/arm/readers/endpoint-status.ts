import * as z from '../../../base/schema/schema';
import { boundedList } from '../../../base/schema/bounded-list';
import type { EndpointId } from '../../../connections/resource-id';
import { undefinedIfNotFound } from '../../../base/errors';
import { parseJson } from '../body';
import { malformed } from '../connections/connection-body';
import type { ArmClient } from '../client';
import { networkApiVersion } from './resource-reader';

/** The requester's side: what the endpoint shows of its connections. It may lag behind the targets. */
export interface EndpointStatus {
  /** Verbatim; absent when ARM sends none. */
  readonly provisioningState: string | undefined;
  readonly connections: readonly EndpointConnectionStatus[];
}

export interface EndpointConnectionStatus {
  /** The requester's name for it. */
  readonly name: string;
  /** `privateLinkServiceId`, verbatim; `''` when there is none. */
  readonly targetId: string;
  /** Verbatim; `''` when ARM shows none yet. */
  readonly status: string;
  readonly description: string;
}

/**
 * Reads one endpoint, which takes `Microsoft.Network/privateEndpoints/read` on it. Resolves to `undefined` when it does
 * not exist. @throws ArmError
 */
export async function readEndpointStatus(
  arm: ArmClient,
  { id }: EndpointId,
): Promise<EndpointStatus | undefined> {
  const url = `${arm.origin}${encodeURI(id)}?api-version=${networkApiVersion}`;
  return undefinedIfNotFound(async () => {
    const reply = await arm.send({ method: 'GET', url });
    return reply.httpStatus === 204 ? undefined : statusFrom(parseJson(reply.body));
  });
}

const links = z.nullish(
  boundedList(
    z.object({
      name: z.string(),
      properties: z.nullish(
        z.object({
          privateLinkServiceId: z.nullish(z.string()),
          privateLinkServiceConnectionState: z.nullish(
            z.object({ status: z.nullish(z.string()), description: z.nullish(z.string()) }),
          ),
        }),
      ),
    }),
  ),
);

const schema = z.object({
  properties: z.object({
    provisioningState: z.nullish(z.string()),
    privateLinkServiceConnections: links,
    manualPrivateLinkServiceConnections: links,
  }),
});

function statusFrom(body: unknown): EndpointStatus {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw malformed('The reply is not a private endpoint', parsed.error);
  const { properties } = parsed.data;
  const asked = [
    ...(properties.privateLinkServiceConnections ?? []),
    ...(properties.manualPrivateLinkServiceConnections ?? []),
  ];
  return {
    provisioningState: properties.provisioningState ?? undefined,
    connections: asked.map(({ name, properties: link }) => ({
      name,
      targetId: link?.privateLinkServiceId ?? '',
      status: link?.privateLinkServiceConnectionState?.status ?? '',
      description: link?.privateLinkServiceConnectionState?.description ?? '',
    })),
  };
}
