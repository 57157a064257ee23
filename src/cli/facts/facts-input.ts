import { parseEndpointId, parseResourceId } from '../../connections/resource-id';
import { networkIdOf } from '../../review/facts/build-facts';
import { unstatedTagsIn } from './example-facts';
import type { FactsInput } from './facts-schema';
import { addSeconds } from '../../base/clock';
import { PosternError } from '../../base/errors';
import {
  endpointAsRequester,
  type ConsumerFacts,
  type EndpointFacts,
  type ExpectedFacts,
  type Facts,
  type RequesterFacts,
  type TargetFacts,
} from '../../policy/facts/facts';

/** The facts of one connection, or the id and the problem of one that could not be read. */
export type FactsReading =
  | { readonly kind: 'facts'; readonly facts: Facts }
  | { readonly kind: 'readFailed'; readonly id: string; readonly problem: string };

export { type FactsInput, factsInputSchema, instantSchema } from './facts-schema';

/** Subscription ids of a made-up connection, used where a test case states none. */
export const madeUp = {
  endpointSubscription: '11111111-1111-1111-1111-111111111111',
  targetSubscription: '99999999-9999-9999-9999-999999999999',
} as const;

/** Defaults for facts that the input does not state. */
export interface FactsDefaults {
  /** Value of `connection.firstSeen` if the input does not state it. */
  readonly firstSeen: Date;
  /**
   * Whether to make up an endpoint, a target and counts that the input does not state: for test
   * cases, not for real connections.
   */
  readonly makeUp: boolean;
}

/**
 * Completes facts with derived and default values.
 * @throws PosternError RESOURCE_ID_INVALID or MESSAGE_INVALID with what is missing or wrong.
 */
export function factsFromInput(input: FactsInput, defaults: FactsDefaults): Facts {
  const { connection = {} } = input;
  if (!defaults.makeUp && connection.id === undefined)
    throw new PosternError('MESSAGE_INVALID', '`connection.id` is missing');
  if (!defaults.makeUp && connection.status === undefined)
    throw new PosternError('MESSAGE_INVALID', '`connection.status` is missing');
  const status = connection.status ?? 'Pending';
  const target = targetFrom(input);
  const name = connection.name ?? connection.id?.split('/').at(-1) ?? 'connection-1';
  const endpoint = endpointFrom(input.endpoint, defaults.makeUp);
  return {
    connection: {
      id: connection.id ?? `${target.id}/privateEndpointConnections/${name}`,
      name,
      status,
      message: connection.message ?? '',
      groupIds: connection.groupIds ?? [],
      provisioningState: connection.provisioningState ?? (defaults.makeUp ? 'Succeeded' : undefined),
      firstSeen: connection.firstSeen ?? defaults.firstSeen,
    },
    endpoint,
    requester: endpoint && requesterFrom(input, endpoint, target),
    target,
    expected: expectedFrom(input.expected, defaults),
    consumer: endpoint && consumerFrom(input.consumer, status, defaults.makeUp),
    ...(defaults.makeUp ? { unstatedTags: unstatedTagsIn(input) } : {}),
  };
}

function targetFrom({ target = {}, connection }: FactsInput): TargetFacts {
  const stated = target.id ?? connection?.id?.replace(/\/privateEndpointConnections\/[^/]*$/i, '');
  const known = stated === undefined ? undefined : targetParts(stated);
  const type = target.type ?? known?.type ?? 'Microsoft.KeyVault/vaults';
  const subscriptionId = target.subscriptionId ?? known?.subscriptionId ?? madeUp.targetSubscription;
  const resourceGroup = target.resourceGroup ?? known?.resourceGroup ?? 'rg-target';
  const name = target.name ?? known?.name ?? 'target-1';
  return {
    id:
      stated ?? `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${type}/${name}`,
    type,
    subscriptionId,
    resourceGroup,
    name,
    tenantId: target.tenantId ?? undefined,
    kind: target.kind ?? undefined,
    location: target.location ?? undefined,
    tags: target.tags ?? undefined,
  };
}

/** Splits a target's id into facts; accepts any type, also one that Postern does not answer. */
function targetParts(id: string): Pick<TargetFacts, 'type' | 'subscriptionId' | 'resourceGroup' | 'name'> {
  const { type, subscriptionId, resourceGroup, names } = parseResourceId(id);
  return { type, subscriptionId, resourceGroup, name: names[0] ?? '' };
}

function endpointFrom(stated: FactsInput['endpoint'], makeUp: boolean): EndpointFacts | undefined {
  if (stated === null || (stated === undefined && !makeUp)) return undefined;
  const endpoint = stated ?? {};
  if (!makeUp && endpoint.id === undefined)
    throw new PosternError('MESSAGE_INVALID', '`endpoint.id` is missing');
  const known = endpoint.id === undefined ? undefined : parseEndpointId(endpoint.id);
  const subscriptionId = endpoint.subscriptionId ?? known?.subscriptionId ?? madeUp.endpointSubscription;
  const resourceGroup = endpoint.resourceGroup ?? known?.resourceGroup ?? 'rg-endpoint';
  const name = endpoint.name ?? known?.name ?? 'pe-1';
  const subnetId = endpoint.subnetId ?? undefined;
  return {
    id:
      endpoint.id ??
      `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Network/privateEndpoints/${name}`,
    subscriptionId,
    resourceGroup,
    name,
    tenantId: endpoint.tenantId ?? undefined,
    tenant: endpoint.tenant ?? undefined,
    location: endpoint.location ?? undefined,
    tags: endpoint.tags ?? undefined,
    subnetId,
    virtualNetworkId: endpoint.virtualNetworkId ?? networkIdOf({ subnetId }),
    peeredNetworks: endpoint.peeredNetworks ?? undefined,
    manual: endpoint.manual ?? undefined,
    resourceGuid: endpoint.resourceGuid ?? undefined,
  };
}

/** An endpoint of our own tenant asks for itself; what the input states comes first. */
function requesterFrom(
  { requester }: FactsInput,
  endpoint: EndpointFacts,
  target: TargetFacts,
): RequesterFacts | undefined {
  const isSame =
    endpoint.tenantId !== undefined && endpoint.tenantId.toLowerCase() === target.tenantId?.toLowerCase();
  const isOurs = endpoint.tenant === 'own' || (endpoint.tenant === undefined && isSame);
  if (requester === null || (requester === undefined && !isOurs)) return undefined;
  const known = endpointAsRequester(endpoint);
  return {
    id: requester?.id ?? known.id,
    type: requester?.type ?? known.type,
    name: requester?.name ?? known.name,
    subscriptionId: requester?.subscriptionId ?? known.subscriptionId,
    subscriptionName: requester?.subscriptionName ?? undefined,
    subscriptionTags: requester?.subscriptionTags ?? undefined,
    managementGroups: requester?.managementGroups ?? undefined,
    how: requester?.how ?? known.how,
  };
}

/** Completes an announcement. A made-up one is for the next day. */
function expectedFrom(
  expected: FactsInput['expected'],
  { firstSeen, makeUp }: FactsDefaults,
): ExpectedFacts | undefined {
  if (expected === undefined || expected === null) return undefined;
  const { by, until } = expected;
  if (!makeUp && (by === undefined || until === undefined))
    throw new PosternError('MESSAGE_INVALID', `\`expected.${by === undefined ? 'by' : 'until'}\` is missing`);
  return { by: by ?? 'somebody', until: until ?? addSeconds(firstSeen, 24 * 60 * 60) };
}

/** Completes the consumer's counts. Made-up counts include this one connection. */
function consumerFrom(
  stated: FactsInput['consumer'],
  status: string,
  makeUp: boolean,
): ConsumerFacts | undefined {
  if (stated === null || (stated === undefined && !makeUp)) return undefined;
  const own = makeUp ? status.toLowerCase() : '';
  const countOf = (name: keyof ConsumerFacts): number => stated?.[name] ?? (own === name ? 1 : 0);
  return {
    pending: countOf('pending'),
    approved: countOf('approved'),
    rejected: countOf('rejected'),
    disconnected: countOf('disconnected'),
  };
}

/**
 * Converts facts to input that `factsInputSchema` and `factsFromInput` read back. Leaves out
 * `firstSeen`, which Azure does not know.
 */
export function exportedFacts(facts: Facts): FactsInput {
  return {
    connection: { ...facts.connection, groupIds: [...facts.connection.groupIds], firstSeen: undefined },
    endpoint: facts.endpoint === undefined ? null : exportedEndpoint(facts.endpoint),
    requester: facts.requester === undefined ? null : exportedRequester(facts.requester),
    target: { ...facts.target },
    expected: facts.expected === undefined ? null : { ...facts.expected },
    consumer: facts.consumer === undefined ? null : { ...facts.consumer },
  };
}

function exportedEndpoint(endpoint: EndpointFacts): NonNullable<FactsInput['endpoint']> {
  const { peeredNetworks } = endpoint;
  return { ...endpoint, peeredNetworks: peeredNetworks && [...peeredNetworks] };
}

function exportedRequester(requester: RequesterFacts): NonNullable<FactsInput['requester']> {
  const { managementGroups } = requester;
  return { ...requester, managementGroups: managementGroups && [...managementGroups] };
}
