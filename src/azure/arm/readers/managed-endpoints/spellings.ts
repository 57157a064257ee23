import * as z from '../../../../base/schema/schema';
import { boundedList, maxNestedEntries } from '../../../../base/schema/bounded-list';

/** What a link asks for, in one spelling for all services. Texts are verbatim, `''` where there is none. */
export interface Asked {
  readonly targetId: string;
  readonly groupIds: readonly string[];
  readonly message: string;
  /** `''` while the service shows none yet. */
  readonly status: string;
  readonly provisioningState: string | undefined;
  /** Where the service makes the endpoint, if the owner can have some in several regions. */
  readonly region?: string;
}

/**
 * Reads what a link asks for from its `properties`. Returns `undefined` for one that asks for nothing, or in no
 * known spelling: it is no candidate.
 */
export type Spelling = (properties: unknown) => Asked | undefined;

const text = z.nullish(z.string());
const groups = z.nullish(boundedList(z.string(), maxNestedEntries));

const plain = z.object({
  privateLinkResourceId: z.string().check(z.minLength(1)),
  groupId: text,
  groupIds: groups,
  requestMessage: text,
  status: text,
  connectionState: z.nullish(z.object({ status: text })),
  provisioningState: text,
});

/** Reads a link of AI Search, SignalR, Web PubSub, Grafana, Data Factory or Data Explorer. */
export const askedPlainly: Spelling = (properties) => {
  const { data } = plain.safeParse(properties);
  if (data === undefined) return undefined;
  return {
    targetId: data.privateLinkResourceId,
    groupIds: data.groupIds ?? (data.groupId ? [data.groupId] : []),
    message: data.requestMessage ?? '',
    status: data.status ?? data.connectionState?.status ?? '',
    provisioningState: data.provisioningState ?? '',
  };
};

const origin = z.object({
  provisioningState: text,
  sharedPrivateLinkResource: z.object({
    privateLink: z.object({ id: z.string().check(z.minLength(1)) }),
    privateLinkLocation: text,
    groupId: text,
    requestMessage: text,
    status: text,
  }),
});

/** Reads an origin of Front Door. */
export const askedByOrigin: Spelling = (properties) => {
  const { data } = origin.safeParse(properties);
  if (data === undefined) return undefined;
  const { sharedPrivateLinkResource: link, provisioningState } = data;
  return {
    targetId: link.privateLink.id,
    groupIds: link.groupId ? [link.groupId] : [],
    message: link.requestMessage ?? '',
    status: link.status ?? '',
    provisioningState: provisioningState ?? '',
    region: link.privateLinkLocation ?? '',
  };
};

const streamAnalytics = z.object({
  manualPrivateLinkServiceConnections: boundedList(
    z.object({
      properties: z.object({
        privateLinkServiceId: z.string().check(z.minLength(1)),
        groupIds: groups,
        requestMessage: text,
        privateLinkServiceConnectionState: z.nullish(z.object({ status: text })),
      }),
    }),
    maxNestedEntries,
  ),
});

/** Reads an endpoint of a Stream Analytics cluster. The service writes the message, and shows no provisioning state. */
export const askedByStreamAnalytics: Spelling = (properties) => {
  const [link, ...more] =
    streamAnalytics.safeParse(properties).data?.manualPrivateLinkServiceConnections ?? [];
  if (link === undefined || more.length > 0) return undefined;
  const { privateLinkServiceId, groupIds, requestMessage, privateLinkServiceConnectionState } =
    link.properties;
  return {
    targetId: privateLinkServiceId,
    groupIds: groupIds ?? [],
    message: requestMessage ?? '',
    status: privateLinkServiceConnectionState?.status ?? '',
    provisioningState: undefined,
  };
};
