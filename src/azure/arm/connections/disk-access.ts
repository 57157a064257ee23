import type { ComputeManagementClient } from '@azure/arm-compute';
import type { ConnectionStore } from '../../../connections/connection-store';
import type { ArmClient } from '../client';
import { fieldsOf } from '../refusal/error-body';
import { unsignedCredential, type SdkOptions } from './sdk-call';
import { createSdkConnectionStore, type WriteBody } from './provider-store';

/** The version that is written into the SDK's disk access operations. */
export const diskAccessApiVersion = '2025-01-02';

/** Connections of disk accesses, through `@azure/arm-compute`. */
export function createDiskAccessStore(arm: ArmClient): ConnectionStore {
  return createSdkConnectionStore(arm, {
    list: async ({ subscriptionId, resourceGroup, name }, options) => {
      const { diskAccesses } = await computeClient(subscriptionId, options);
      return diskAccesses.listPrivateEndpointConnections(resourceGroup, name).byPage().next();
    },
    get: async ({ target, name }, options) => {
      const { diskAccesses } = await computeClient(target.subscriptionId, options);
      return diskAccesses.getAPrivateEndpointConnection(target.resourceGroup, target.name, name);
    },
    put: async ({ target, name }, { status, description }, options) => {
      const { diskAccesses } = await computeClient(target.subscriptionId, options);
      const body = { privateLinkServiceConnectionState: { status, description } };
      return diskAccesses.updateAPrivateEndpointConnection(target.resourceGroup, target.name, name, body);
    },
    delete: async ({ target, name }, options) => {
      const { diskAccesses } = await computeClient(target.subscriptionId, options);
      return diskAccesses.deleteAPrivateEndpointConnection(target.resourceGroup, target.name, name);
    },
    editBody: withEndpoint,
    operationHeaders: () => ['azure-asyncoperation', 'location'],
  });
}

/** The SDK holds `privateEndpoint` for read-only and drops it; Azure Policy wants to see it. */
function withEndpoint(
  body: Record<string, unknown>,
  { privateEndpoint }: WriteBody,
): Record<string, unknown> {
  if (privateEndpoint === undefined) return body;
  return { ...body, properties: { ...fieldsOf(body['properties']), privateEndpoint } };
}

/** The package is loaded with the first call. */
async function computeClient(subscriptionId: string, options: SdkOptions): Promise<ComputeManagementClient> {
  const sdk = await import('@azure/arm-compute');
  return new sdk.ComputeManagementClient(unsignedCredential, subscriptionId, options);
}
