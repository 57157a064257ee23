import { emptyResponse, jsonResponse, type JsonObject, type LocalResponse } from '../http/message';
import type { Connection, OperationContext, Target, TargetProfile } from '../model/world';
import { privateLinkBody } from './key-vault';

const type = 'Microsoft.ApiManagement/service';

/**
 * API Management: changes stay hidden behind `Succeeded` for minutes, and the service stays locked for
 * minutes more.
 */
export const apiManagementProfile: TargetProfile = {
  type,
  timings: {
    approveSeconds: 160,
    rejectSeconds: 126,
    deleteSeconds: 126,
    updatingAfterSeconds: 120,
    // Recorded: 60 to 180.
    lockSeconds: 60,
    retryAfterSeconds: 60,
  },
  privateLink: { name: 'Gateway', requiredMember: 'Gateway', zone: 'privateLink.azure-api.net' },
  headers: { server: 'Microsoft-HTTPAPI/2.0' },
  showsNewStatusAtOnce: false,
  hasEtags: false,
  listsNewestFirst: true,
  canReviveRejected: false,
  ignoresSameStatus: false,
  needsBodyId: true,
  autoApprovedDescription: '',
  nameConnection: ({ connectionName }) => connectionName,
  storeDescription: (sent) => sent ?? '',
  connectionBody,
  listItem: connectionBody,
  targetBody,
  privateLinkBody: (target) => privateLinkBody(target, apiManagementProfile),
  writeAccepted,
  deleteAccepted: (context) => jsonResponse(202, {}, locationHeaders(context)),
  poll,
  error: (status, code, message) =>
    jsonResponse(status, { error: { code, message, details: null, innerError: null } }),
  conflict: ({ name }) => ({
    code: 'ServiceLocked',
    message: `The API Service ${name} is transitioning at this time. Please try the request again later.`,
  }),
  refusal: ({ status }, wanted) => ({
    code: 'ApproveOrRejectPrivateEndpointConnectionBadRequest',
    message: `Private Endpoint Connection can not be changed from ${status} to ${wanted}.`,
  }),
};

function connectionBody(connection: Connection): JsonObject {
  return {
    id: connection.id,
    name: connection.name,
    type: `${type}/privateEndpointConnections`,
    properties: {
      provisioningState: connection.provisioningState,
      privateEndpoint: { id: connection.endpointId },
      groupIds: connection.groupIds,
      privateLinkServiceConnectionState: {
        status: connection.status,
        description: connection.description ?? '',
        actionsRequired: null,
      },
    },
  };
}

function targetBody(target: Target): JsonObject {
  const busy = target.lock !== undefined;
  return {
    id: target.id,
    name: target.name,
    type,
    tags: target.tags,
    location: target.location,
    ...target.extras,
    properties: {
      ...target.properties,
      provisioningState: busy ? 'Updating' : 'Succeeded',
      targetProvisioningState: busy ? 'Updating' : '',
      createdAtUtc: target.createdAt.toISOString(),
      privateEndpointConnections: [...target.connections.values()].reverse().map(connectionBody),
    },
  };
}

/** Returns only the requested state: no name, no type, no provisioningState. */
function writeAccepted(context: OperationContext): LocalResponse {
  const { operation } = context;
  const state = {
    status: operation.kind === 'approve' ? 'Approved' : 'Rejected',
    description: null,
    actionsRequired: null,
  };
  const body = { id: operation.connectionId, properties: { privateLinkServiceConnectionState: state } };
  return jsonResponse(202, body, locationHeaders(context));
}

function poll(context: OperationContext & { options: { apiManagementPollEnd: string } }): LocalResponse {
  const { operation, connection, options } = context;
  if (operation.state === 'InProgress') return emptyResponse(202, locationHeaders(context));
  if (operation.state === 'Failed') {
    const { code, message } = operation.error ?? { code: 'InternalServerError', message: '' };
    return apiManagementProfile.error(400, code, message);
  }
  if (operation.kind === 'delete' || options.apiManagementPollEnd === 'empty') return emptyResponse(200);
  if (options.apiManagementPollEnd === 'no-content') return emptyResponse(204);
  if (options.apiManagementPollEnd === 'status') return jsonResponse(200, { status: 'Succeeded' });
  return connection === undefined ? emptyResponse(200) : jsonResponse(200, connectionBody(connection));
}

function locationHeaders(context: OperationContext): Record<string, string> {
  const { operation, target, origin, apiVersion, retryAfter, polledUrl } = context;
  const verb = operation.kind === 'delete' ? 'Delete' : 'Update';
  const region = target.location.toLowerCase().replace(/ /g, '');
  const token = Buffer.from(`${region}:${target.name}_${verb}_${operation.id.slice(0, 8)}`).toString(
    'base64',
  );
  const location =
    polledUrl?.href ??
    `${origin}${operation.connectionId}/operationresults/${token}?api-version=${apiVersion}`;
  return retryAfter === undefined ? { location } : { location, 'retry-after': retryAfter };
}
