import type { ConnectionStore, OperationReader, ResourceReader } from '../../connections/connection-store';
import type { ConnectionFinder } from '../../review/sweep/connection-finder';
import { type ArmOptions, createArmClient } from './client';
import { createArmOperationReader } from './connections/operation-reader';
import { createRoutingConnectionStore } from './connections/routing-connection-store';
import { createProviderListFinder } from './readers/provider-list-finder';
import { createResourceGraphFinder, type ReportMalformed } from './readers/resource-graph';
import { createArmResourceReader } from './readers/resource-reader';
import type { Pause } from './retry-read';

export interface CreateArmOptions extends ArmOptions {
  /** Told of what a search found and nobody can read. */
  readonly onMalformed?: ReportMalformed | undefined;
  /** How a search waits for Resource Graph's quota. Default: for real. */
  readonly pause?: Pause | undefined;
}

export interface Arm {
  readonly connections: ConnectionStore;
  readonly operations: OperationReader;
  readonly resources: ResourceReader;
  readonly graph: ConnectionFinder;
  readonly lists: ConnectionFinder;
}

/**
 * Everything that Postern asks of Azure Resource Manager, through one door that holds the token.
 * @throws PosternError CONFIG_INVALID when `endpoint` is not an https URL, or `reserveShare` no share.
 */
export function createArm(options: CreateArmOptions): Arm {
  const client = createArmClient(options);
  return {
    connections: createRoutingConnectionStore(client),
    operations: createArmOperationReader(client),
    resources: createArmResourceReader(client),
    graph: createResourceGraphFinder(client, options.onMalformed, options.pause),
    lists: createProviderListFinder(client, options.onMalformed),
  };
}
