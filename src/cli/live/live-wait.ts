import { type ArmClient, createArmClient } from '../../azure/arm/client';
import { createRoutingConnectionStore } from '../../azure/arm/connections/routing-connection-store';
import { readEndpointStatus } from '../../azure/arm/readers/endpoint-status';
import { createCredential } from '../../azure/identity/credential';
import type { StorageAccess } from '../../azure/storage/access';
import { createStorageClients } from '../../azure/storage/clients';
import { ExistingOnly } from '../../azure/storage/on-demand';
import { defaultStorageNames } from '../../azure/storage/storage';
import { TableDecisionReader } from '../../azure/storage/tables/ledger';
import { TableOperationStore } from '../../azure/storage/tables/operation-store';
import { sleep, systemClock } from '../../base/clock';
import { describeError, isStorageError, isTransient } from '../../base/errors';
import { type Environment, readArmConfig } from '../../config/config';
import { isSettled } from '../../connections/connection';
import { type ConnectionId, type EndpointId, targetIdFrom } from '../../connections/resource-id';
import type { ConnectionState } from '../../operations/operation';
import { CliError } from '../cli-host';
import type { Seen, Watch, Watched } from '../wait/watch';
import { type HoldSources, whyHeld } from '../wait/why-held';
import { storageAccessOf } from './live-records';

/**
 * Creates a poller for an endpoint or a connection behind ARM_ENDPOINT, with the signed-in
 * identity.
 * @throws PosternError CONFIG_INVALID
 */
export function createLiveWatch(watched: Watched, environment: Environment): Watch {
  const { armEndpoint: endpoint, hasManagedIdentity, clientId, apiVersions } = readArmConfig(environment);
  const credential = createCredential({ identityEndpointPresent: hasManagedIdentity, clientId });
  const holds = watched.ledger ? holdsFrom(environment) : undefined;
  return {
    ...watchThrough(createArmClient({ endpoint, credential, apiVersions }), watched, holds),
    sleep: (seconds) => sleep(systemClock, seconds),
  };
}

/** Creates a poller from an ARM client and, for holds, the stores that contain their reasons. */
export function watchThrough(
  client: ArmClient,
  watched: Watched,
  holds: HoldSources | undefined,
): Pick<Watch, 'poll'> {
  return {
    async poll() {
      try {
        return watched.kind === 'endpoint'
          ? await readEndpoint(client, watched.id, holds)
          : await readConnection(client, watched.id, holds);
      } catch (error) {
        if (isTransient(error))
          return {
            kind: 'unavailable',
            problem: describeError(error),
            retryAfterSeconds: error.retryAfterSeconds,
          };
        throw error;
      }
    },
  };
}

async function readEndpoint(
  client: ArmClient,
  endpoint: EndpointId,
  holds: HoldSources | undefined,
): Promise<Seen> {
  const status = await readEndpointStatus(client, endpoint);
  if (status === undefined) return { kind: 'gone' };
  const { connections } = status;
  const targets = connections.filter(isPending).flatMap(({ targetId }) => targetIdFrom(targetId) ?? []);
  const { found, problem } = await findHolds(holds, async ({ operations }) => {
    const rows: ConnectionState[] = [];
    for (const target of new Map(targets.map((each) => [each.key, each])).values())
      rows.push(...(await operations.load(target)).connectionStates);
    return rows.filter(({ endpointKey }) => endpointKey === endpoint.key);
  });
  return {
    kind: 'seen',
    isSettled: isSettled(status),
    connections: connections.map(({ name, status: shown, description, targetId }) => {
      const held = isPending({ status: shown }) ? found.get(targetIdFrom(targetId)?.key ?? '') : undefined;
      return { name, status: shown, description, held };
    }),
    problem,
  };
}

async function readConnection(
  client: ArmClient,
  id: ConnectionId,
  holds: HoldSources | undefined,
): Promise<Seen> {
  const connection = await createRoutingConnectionStore(client).get(id);
  if (connection === undefined) return { kind: 'gone' };
  const { status, message: description } = connection;
  const { found, problem } = await findHolds(isPending(connection) ? holds : undefined, async (sources) => {
    const row = await sources.operations.get(id);
    return row === undefined ? [] : [row];
  });
  const connections = [{ name: id.name, status, description, held: found.get(id.target.key) }];
  return { kind: 'seen', isSettled: isSettled(connection), connections, problem };
}

/**
 * Reads why connections are held, by target key. A storage error is returned as `problem`, so that
 * ARM's answer is not lost.
 */
async function findHolds(
  holds: HoldSources | undefined,
  rowsOf: (holds: HoldSources) => Promise<readonly ConnectionState[]>,
): Promise<{ readonly found: ReadonlyMap<string, string>; readonly problem?: string }> {
  const found = new Map<string, string>();
  if (holds === undefined) return { found };
  try {
    for (const row of await rowsOf(holds)) {
      const why = await whyHeld(holds, row);
      if (why !== undefined) found.set(row.connection.target.key, why);
    }
    return { found };
  } catch (error) {
    if (!isStorageError(error)) throw error;
    return { found, problem: describeError(error) };
  }
}

function isPending({ status }: { readonly status: string }): boolean {
  return status.toLowerCase() === 'pending';
}

function holdsFrom(environment: Environment): HoldSources {
  const access = accessFrom(environment);
  const { operationsTable, ledgerTable } = defaultStorageNames;
  const clients = createStorageClients(access, systemClock);
  const table = (name: string) => new ExistingOnly(clients.table(name), `table ${name}`);
  return {
    operations: new TableOperationStore(table(operationsTable)),
    decisions: new TableDecisionReader(table(ledgerTable)),
  };
}

function accessFrom(environment: Environment): StorageAccess {
  const access = storageAccessOf(environment);
  if (access === undefined)
    throw new CliError(
      '--ledger needs the deployment’s storage: set AzureWebJobsStorage, or AzureWebJobsStorage__accountName',
    );
  return access;
}
