import type { ConnectionStore, OperationReader, ResourceReader } from '../../connections/connection-store';
import type { ManagedEndpointReader } from '../../connections/managed-endpoint-reader';
import type { SubscriptionReader } from '../../connections/subscription-reader';
import type { ManagementGroupReader } from '../../review/lists/management-group-reader';
import type { ConnectionFinder } from '../../review/sweep/connection-finder';
import { type ArmOptions, createArmClient } from './client';
import { createArmOperationReader } from './connections/operation-reader';
import { createRoutingConnectionStore } from './connections/routing-connection-store';
import { createArmManagedEndpointReader } from './readers/managed-endpoints/reader';
import { createArmManagementGroupReader } from './readers/management-groups';
import { createProviderListFinder } from './readers/provider-list-finder';
import { createResourceGraphFinder, type ReportMalformed } from './readers/resource-graph';
import { createArmResourceReader } from './readers/resource-reader';
import { createArmSubscriptionReader } from './readers/subscription-reader';

export interface CreateArmOptions extends ArmOptions {
  /** Called with a description of each search result that cannot be parsed. */
  readonly onMalformed?: ReportMalformed | undefined;
  /** Called with what people should know about the calls, such as an api-version that Azure does not know. */
  readonly onNote?: ((text: string) => void) | undefined;
}

export interface Arm {
  readonly connections: ConnectionStore;
  readonly operations: OperationReader;
  readonly resources: ResourceReader;
  readonly subscriptions: SubscriptionReader;
  readonly managedEndpoints: ManagedEndpointReader;
  readonly graph: ConnectionFinder;
  readonly lists: ConnectionFinder;
  readonly managementGroups: ManagementGroupReader;
  /** Returns the object id of the app's identity, in lower case; `undefined` before the first request. */
  readonly ownObjectId: () => string | undefined;
}

/**
 * Creates the adapters for Azure Resource Manager, over one client that holds the token. @throws PosternError
 * CONFIG_INVALID when `endpoint` is not an https URL, or `reserveShare` is out of range.
 */
export function createArm(options: CreateArmOptions): Arm {
  const client = createArmClient(options);
  return {
    connections: createRoutingConnectionStore(client, options.onNote),
    operations: createArmOperationReader(client),
    resources: createArmResourceReader(client),
    managedEndpoints: createArmManagedEndpointReader(client),
    subscriptions: createArmSubscriptionReader(client, options.onMalformed),
    graph: createResourceGraphFinder(client, options.onMalformed),
    lists: createProviderListFinder(client, options.onMalformed),
    ownObjectId: () => client.ownObjectId(),
    managementGroups: createArmManagementGroupReader(client, options.onMalformed),
  };
}
