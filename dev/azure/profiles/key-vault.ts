import { emptyResponse, armError, jsonResponse, type JsonObject, type LocalResponse } from '../http/message';
import type { Connection, OperationContext, Target, TargetProfile } from '../model/world';

const headers = {
  server: 'Microsoft-IIS/10.0',
  'x-aspnet-version': '4.0.30319',
  'x-ms-keyvault-service-version': '1.5.939.0',
};

const timings = { approveSeconds: 40, rejectSeconds: 40, deleteSeconds: 25, lockSeconds: 0 };

/** Vaults and managed HSMs share one provider. A PUT returns 200 before the change is done. */
const keyVault = {
  timings,
  headers,
  showsNewStatusAtOnce: true,
  hasEtags: true,
  listsNewestFirst: false,
  canReviveRejected: true,
  ignoresSameStatus: false,
  needsBodyId: false,
  autoApprovedDescription: undefined,
  nameConnection: ({ connectionName }) => connectionName,
  storeDescription: (sent) => sent ?? '',
  connectionBody,
  listItem: ({ id, etag, ...connection }) => ({ id, etag, properties: properties(connection) }),
  writeAccepted: (context) =>
    jsonResponse(200, context.connection === undefined ? {} : connectionBody(context.connection), {
      'azure-asyncoperation': operationUrl(context),
      ...retryAfter(context),
    }),
  deleteAccepted: (context) =>
    emptyResponse(202, { location: operationUrl(context), ...retryAfter(context) }),
  poll,
  error: armError,
  conflict: ({ name }) => ({
    code: 'ConflictError',
    message:
      'A conflict occurred that prevented the operation from completing. The operation failed because the ' +
      `Key Vault '${name}' changed from the point the operation began. This can happen if parallel operations ` +
      'are being performed on the Key Vault. To prevent this error, serialize the operations so that only one ' +
      'operation is performed on the Key Vault at a time. Follow this link for more information: ' +
      'https://go.microsoft.com/fwlink/?linkid=2147741',
  }),
  refusal: ({ status }, wanted) => ({
    code: 'BadRequest',
    message: `The private endpoint connection cannot be changed from '${status}' to '${wanted}'.`,
  }),
} satisfies Partial<TargetProfile>;

export const vaultProfile: TargetProfile = {
  ...keyVault,
  type: 'Microsoft.KeyVault/vaults',
  privateLink: { name: 'vault', requiredMember: 'default', zone: 'privatelink.vaultcore.azure.net' },
  targetBody: (target) => targetBody(target, 'Microsoft.KeyVault/vaults'),
  privateLinkBody: (target) => privateLinkBody(target, vaultProfile),
};

export const managedHsmProfile: TargetProfile = {
  ...keyVault,
  type: 'Microsoft.KeyVault/managedHSMs',
  headers: { ...headers, 'x-powered-by': 'ASP.NET' },
  privateLink: { name: 'managedhsm', requiredMember: 'default', zone: 'privatelink.managedhsm.azure.net' },
  targetBody: (target) => targetBody(target, 'Microsoft.KeyVault/managedHSMs'),
  privateLinkBody: (target) => privateLinkBody(target, managedHsmProfile),
};

function connectionBody({ id, name, etag, target, ...connection }: Connection): JsonObject {
  return {
    id,
    name,
    // Every recording of managed HSMs says "vaults", too.
    type: 'Microsoft.KeyVault/vaults/privateEndpointConnections',
    location: target.location,
    etag,
    properties: properties(connection),
  };
}

function properties(
  connection: Pick<Connection, 'provisioningState' | 'endpointId' | 'status' | 'description'>,
): JsonObject {
  return {
    provisioningState: connection.provisioningState,
    privateEndpoint: { id: connection.endpointId },
    privateLinkServiceConnectionState: {
      status: connection.status,
      description: connection.description,
      actionsRequired: 'None',
    },
  };
}

function targetBody(target: Target, type: string): JsonObject {
  const connections = [...target.connections.values()].map((each) => keyVault.listItem(each));
  return {
    id: target.id,
    name: target.name,
    type,
    location: target.location,
    tags: target.tags,
    ...target.extras,
    properties: {
      ...target.properties,
      provisioningState: 'Succeeded',
      privateEndpointConnections: connections.length === 0 ? undefined : connections,
    },
  };
}

export function privateLinkBody(target: Target, { type, privateLink }: TargetProfile): JsonObject {
  return {
    id: `${target.id}/privateLinkResources/${privateLink.name}`,
    name: privateLink.name,
    type: `${type}/privateLinkResources`,
    properties: {
      groupId: privateLink.name,
      requiredMembers: [privateLink.requiredMember],
      requiredZoneNames: [privateLink.zone],
    },
  };
}

/** Returns the operation URL: the connection's own path with a token that holds kind, start and etag. */
function operationUrl({ operation, connection, origin, apiVersion, polledUrl }: OperationContext): string {
  if (polledUrl !== undefined) return polledUrl.href;
  const token = {
    code: `privateEndpointConnections/${operation.kind}`,
    st: operation.startedAt.toISOString().replace('Z', '4399Z'),
    etag: connection?.etag ?? '',
  };
  const text = Buffer.from(JSON.stringify(token)).toString('base64url');
  return `${origin}${operation.connectionId}?api-version=${apiVersion}&kv-operation=${text}`;
}

/**
 * Answers the operation URL. A delete was recorded: 202 with the same Location, 204 at the end. An approve or
 * reject was never recorded; it follows ARM's contract for Azure-AsyncOperation.
 */
function poll(context: OperationContext): LocalResponse {
  const { operation } = context;
  if (operation.kind === 'delete') {
    if (operation.state === 'InProgress') return keyVault.deleteAccepted(context);
    if (operation.state === 'Succeeded') return emptyResponse(204);
    return armError(400, operation.error?.code ?? 'InternalError', operation.error?.message ?? '');
  }
  return jsonResponse(
    200,
    operation.state === 'Failed' && operation.error !== undefined
      ? { status: 'Failed', error: { ...operation.error } }
      : { status: operation.state },
    operation.state === 'InProgress' ? retryAfter(context) : {},
  );
}

function retryAfter({ retryAfter: seconds }: OperationContext): Record<string, string> {
  return seconds === undefined ? {} : { 'retry-after': seconds };
}
