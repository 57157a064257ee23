import { armError, emptyResponse, jsonResponse, type JsonObject, type LocalResponse } from '../http/message';
import type { Connection, Operation, OperationContext, Target, TargetProfile } from '../model/world';

const type = 'Microsoft.Compute/diskAccesses';
const seconds = 33;

/**
 * Disk accesses: a change returns 202 without a body and with two operation URLs of about 3 kB; no change
 * returns a plain 200.
 */
export const diskAccessProfile: TargetProfile = {
  type,
  timings: { approveSeconds: seconds, rejectSeconds: seconds, deleteSeconds: seconds, lockSeconds: 0 },
  privateLink: {
    name: 'disks',
    requiredMember: 'diskAccess_1',
    zone: 'privatelink.blob.core.windows.net',
  },
  headers: { server: 'Microsoft-HTTPAPI/2.0' },
  showsNewStatusAtOnce: false,
  hasEtags: false,
  listsNewestFirst: false,
  canReviveRejected: false,
  ignoresSameStatus: true,
  needsBodyId: false,
  autoApprovedDescription: 'Auto-Approved',
  nameConnection: ({ targetName, guid }) => `${targetName}.${guid}`,
  storeDescription: (sent) => sent,
  connectionBody,
  listItem: connectionBody,
  targetBody,
  privateLinkBody,
  writeAccepted: (context) => emptyResponse(202, operationHeaders(context)),
  deleteAccepted: (context) => emptyResponse(202, operationHeaders(context)),
  poll,
  error: armError,
  conflict: ({ name }) => ({
    code: 'Conflict',
    message: `The request failed due to conflict with a concurrent request to the disk access '${name}'.`,
  }),
  refusal: ({ status }, wanted) => ({
    code: 'OperationNotAllowed',
    message: `Could not update Private Endpoint connection status from '${status}' to '${wanted}'.`,
  }),
};

function connectionBody(connection: Connection): JsonObject {
  return {
    name: connection.name,
    id: connection.id,
    type: `${type}/PrivateEndpointConnections`,
    properties: {
      provisioningState: connection.provisioningState,
      privateEndpoint: { id: connection.endpointId },
      privateLinkServiceConnectionState: {
        actionsRequired: 'None',
        description: connection.description,
        status: connection.status,
      },
    },
  };
}

function targetBody(target: Target): JsonObject {
  const connections = [...target.connections.values()].map(connectionBody);
  return {
    name: target.name,
    id: target.id,
    type,
    location: target.location,
    tags: target.tags,
    ...target.extras,
    properties: {
      ...target.properties,
      privateEndpointConnections: connections.length === 0 ? undefined : connections,
      provisioningState: 'Succeeded',
      timeCreated: instantText(target.createdAt),
    },
  };
}

function privateLinkBody(target: Target): JsonObject {
  return {
    name: 'disks',
    id: `${target.id}/privateLinkResources/disks`,
    type: `${type}/privateLinkResources`,
    properties: {
      groupId: 'disks',
      requiredMembers: [diskAccessProfile.privateLink.requiredMember],
      requiredZoneNames: [diskAccessProfile.privateLink.zone],
    },
  };
}

function operationHeaders(context: OperationContext): Record<string, string> {
  const { operation, target, origin, apiVersion, retryAfter } = context;
  const path = target.id.split('/').slice(0, 3).join('/');
  const region = target.location.toLowerCase().replace(/ /g, '');
  const url = `${origin}${path}/providers/Microsoft.Compute/locations/${region}/DiskOperations/${operation.id}`;
  const query = `p=42128af7-4c72-4222-9761-fb0d8e6cebdc`;
  const signed = `api-version=${apiVersion}&${signature(operation)}`;
  return {
    'azure-asyncoperation': `${url}?${query}&${signed}`,
    location: `${url}?${query}&monitor=true&${signed}`,
    ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
  };
}

/** Returns query parameters as long and as opaque as the real ones: ticks, certificate, signature, hash. */
function signature({ startedAt, id }: Operation): string {
  const ticks = 638_000_000_000_000_000n + BigInt(startedAt.getTime()) * 10_000n;
  const filler = id.replace(/-/g, '');
  const text = (length: number): string => filler.repeat(Math.ceil(length / filler.length)).slice(0, length);
  return `t=${ticks}&c=MII${text(2400)}&s=${text(342)}&h=${text(43)}`;
}

function poll({ operation, target, connection, polledUrl }: OperationContext): LocalResponse {
  const headers = {
    'x-ms-ratelimit-remaining-resource':
      'Microsoft.Compute/GetOperation3Min;49997,Microsoft.Compute/GetOperation30Min;399975',
  };
  if (polledUrl?.searchParams.get('monitor') === 'true')
    return pollLocation({ operation, target, connection });
  const { startedAt, endedAt, state, error, kind, id } = operation;
  const hasOutput = state === 'Succeeded' && kind !== 'delete' && connection !== undefined;
  const body: JsonObject = {
    startTime: instantText(startedAt),
    endTime: endedAt === undefined ? undefined : instantText(endedAt),
    status: state,
    properties: hasOutput ? { output: connectionBody(connection) } : undefined,
    error: error === undefined ? undefined : { ...error },
    name: id,
  };
  return jsonResponse(200, body, headers);
}

function pollLocation({
  operation,
  connection,
}: Pick<OperationContext, 'operation' | 'target' | 'connection'>): LocalResponse {
  if (operation.state === 'InProgress') return emptyResponse(202);
  if (operation.state === 'Failed') {
    return armError(409, operation.error?.code ?? 'InternalError', operation.error?.message ?? '');
  }
  if (operation.kind === 'delete' || connection === undefined) return emptyResponse(204);
  return jsonResponse(200, connectionBody(connection));
}

/** Formats an instant as `2023-03-15T04:37:36.3698897+00:00`, with seven digits and an offset. */
function instantText(instant: Date): string {
  return instant.toISOString().replace('Z', '8897+00:00');
}
