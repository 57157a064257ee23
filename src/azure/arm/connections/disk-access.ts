import { ComputeManagementClient } from '@azure/arm-compute';
import { fieldsOf } from '../../../base/json';
import type { ConnectionStore } from '../../../connections/connection-store';
import type { ArmClient } from '../client';
import { unsignedCredential, type SdkOptions } from './sdk-call';
import { createProviderStore, type WriteBody } from './provider-store';

/**
 * Reads and changes the connections of disk accesses, through `@azure/arm-compute`: that package exports no single
 * operations.
 */
export function createDiskAccessStore(arm: ArmClient): ConnectionStore {
  return createProviderStore(arm, {
    list: ({ subscriptionId, resourceGroup, name }, options) =>
      diskAccesses(subscriptionId, options)
        .listPrivateEndpointConnections(resourceGroup, name)
        .byPage()
        .next(),
    get: ({ target, name }, options) =>
      diskAccesses(target.subscriptionId, options).getAPrivateEndpointConnection(
        target.resourceGroup,
        target.name,
        name,
      ),
    put: ({ target, name }, { status, description }, options) =>
      diskAccesses(target.subscriptionId, options).updateAPrivateEndpointConnection(
        target.resourceGroup,
        target.name,
        name,
        { privateLinkServiceConnectionState: { status, description } },
      ),
    delete: ({ target, name }, options) =>
      diskAccesses(target.subscriptionId, options).deleteAPrivateEndpointConnection(
        target.resourceGroup,
        target.name,
        name,
      ),
    editBody: withEndpoint,
    operationHeaders: () => ['azure-asyncoperation', 'location'],
  });
}

/** Adds `privateEndpoint`, which the SDK drops as read-only: Azure Policy can require it. */
function withEndpoint(
  body: Record<string, unknown>,
  { privateEndpoint }: WriteBody,
): Record<string, unknown> {
  if (privateEndpoint === undefined) return body;
  return { ...body, properties: { ...fieldsOf(body['properties']), privateEndpoint } };
}

function diskAccesses(subscriptionId: string, options: SdkOptions): ComputeManagementClient['diskAccesses'] {
  return new ComputeManagementClient(unsignedCredential, subscriptionId, options).diskAccesses;
}
