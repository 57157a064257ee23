import type { HttpClient } from '@azure/core-rest-pipeline';
import { createArm, type Arm } from '../../../src/azure/arm/arm';
import type { Connection } from '../../../src/connections/connection';
import type { WriteEffect, WriteReply } from '../../../src/connections/connection-store';
import {
  connectionIdOf,
  parseResourceId,
  targetOf,
  type ConnectionId,
  type TargetId,
} from '../../../src/connections/resource-id';
import { FakeClock } from '../../support/fakes/fake-clock';
import { createReplayClient, loadRecording, type Exchange } from '../../support/http/replay';

interface Story {
  readonly file: string;
  /** Exchanges that concern private endpoint connections. */
  readonly exchanges: number;
  /** By connection: what it showed (`provisioningState/status`), one line for each change, and what was done to it. */
  readonly lives: Readonly<Record<string, readonly string[]>>;
}

const stories: readonly Story[] = [
  {
    file: '2023-07--network__test_private_endpoint_connection_keyvault.json',
    exchanges: 18,
    lives: {
      'cli-pec-000006': [
        'Succeeded/Approved',
        'reject 200',
        'Updating/Rejected',
        'Succeeded/Rejected',
        'approve 200',
        'Updating/Approved',
        'Succeeded/Approved',
        'delete 202 operation',
      ],
    },
  },
  {
    file: '2023-07--keyvault__test_hsm_private_endpoint_connection.json',
    exchanges: 25,
    lives: {
      'cli-pec-000006': [
        'Succeeded/Approved',
        'approve 200',
        'Updating/Approved',
        'Succeeded/Approved',
        'reject 200',
        'Updating/Rejected',
        'Succeeded/Rejected',
        'delete 202 operation',
        'operation 204',
      ],
    },
  },
  {
    file: '2023-07--network__test_private_endpoint_connection_disk_access.json',
    exchanges: 12,
    lives: {
      '0cd36ab2-53cb-4d69-943e-f2c6871953bf': ['operation 200 Succeeded'],
      'cli-test-resource-000006.9ea7364e-e2c1-4236-a1c0-f100db68da08': [
        'Succeeded/Approved',
        'approve 200',
        'Succeeded/Approved',
        'reject 202 operation',
        'Succeeded/Approved',
        'Succeeded/Rejected',
        'delete 202 operation',
      ],
    },
  },
  {
    file: '2023-07--network__test_private_endpoint_connection_apim.json',
    exchanges: 49,
    lives: {
      'apim-privatelink-endpointconn000006': [
        'Succeeded/Approved',
        'reject 202 operation',
        'Succeeded/Approved',
        'Succeeded/Rejected',
        'delete 202 operation',
      ],
      'apim-privatelink-endpointconn2000008': [
        'Succeeded/Pending',
        'approve 202 operation',
        'Succeeded/Pending',
        'Updating/Pending',
        'Succeeded/Approved',
        'reject 202 operation',
        'Succeeded/Approved',
        'Succeeded/Rejected',
      ],
    },
  },
  {
    file: 'kv-vault-pending-approve.azure-powershell.2022-02-18.json',
    exchanges: 4,
    lives: {
      ps6333: ['Succeeded/Pending', 'approve 200', 'Updating/Approved'],
      ps4356: ['asked for ps5983'],
    },
  },
];

describe.each(stories)('the recording $file', ({ file, exchanges, lives }) => {
  test('is read by the adapters as it happened, request by request', async () => {
    const recording = loadRecording(file).filter(({ url }) => !/privatelinkresources/i.test(url));
    const replay = createReplayClient(recording);
    const stage = createStage(replay.httpClient);
    for (const exchange of recording) await play(stage, exchange);
    expect(Object.fromEntries(stage.lives)).toEqual(lives);
    expect(replay.remaining()).toEqual([]);
    expect(replay.served).toHaveLength(exchanges);
  });
});

interface Stage {
  readonly arm: Arm;
  readonly seen: Map<string, Connection>;
  readonly lives: Map<string, string[]>;
}

function createStage(httpClient: HttpClient): Stage {
  const arm = createArm({
    endpoint: 'https://management.azure.com',
    credential: {
      getToken: () => Promise.resolve({ token: 't', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
    },
    httpClient,
    clock: new FakeClock(),
  });
  return { arm, seen: new Map(), lives: new Map() };
}

function tell({ lives }: Stage, name: string, line: string): void {
  const life = lives.get(name) ?? [];
  if (life.at(-1) !== line) life.push(line);
  lives.set(name, life);
}

function see(stage: Stage, connections: readonly Connection[]): void {
  for (const connection of connections) {
    stage.seen.set(connection.id.key, connection);
    tell(stage, connection.id.name, `${connection.provisioningState}/${connection.status}`);
  }
}

/** Asks the adapters the question that was recorded, and compares what they say with the recorded body. */
async function play(stage: Stage, exchange: Exchange): Promise<void> {
  const { pathname, searchParams } = new URL(exchange.url);
  const lastName = pathname.split('/').at(-1) ?? '';
  if (/\/(diskoperations|operationresults)\//i.test(pathname) || searchParams.has('kv-operation')) {
    const report = await stage.arm.operations.read(exchange.url);
    const line = ['operation', report.httpStatus, report.status].filter((part) => part !== undefined);
    tell(stage, lastName, line.join(' '));
    return;
  }
  if (/\/privateendpoints\//i.test(pathname)) {
    const details = await stage.arm.resources.readEndpoint(pathname);
    tell(stage, lastName, `asked for ${details?.targetIds.map((id) => id.split('/').at(-1)).join()}`);
    return;
  }
  const { target, name } = whatIs(pathname);
  if (name === undefined) return playList(stage, exchange, target);
  if (exchange.method === 'GET') return playGet(stage, exchange, connectionIdOf(target, name));
  return playWrite(stage, exchange, connectionIdOf(target, name));
}

async function playList(stage: Stage, { body }: Exchange, target: TargetId): Promise<void> {
  const listing = await stage.arm.connections.list(target);
  expect(listing?.malformed).toEqual([]);
  expect(listing?.connections).toHaveLength((body as { value: unknown[] }).value.length);
  see(stage, listing?.connections ?? []);
}

async function playGet(stage: Stage, { body }: Exchange, id: ConnectionId): Promise<void> {
  const connection = await stage.arm.connections.get(id);
  if (connection === undefined) throw new Error(`${id.name} was read as gone`);
  compare(connection, body as RecordedConnection);
  see(stage, [connection]);
}

async function playWrite(stage: Stage, exchange: Exchange, id: ConnectionId): Promise<void> {
  const connection = stage.seen.get(id.key);
  if (connection === undefined) throw new Error(`${id.name} was written before it was seen`);
  const effect = effectOf(exchange);
  const reply = await stage.arm.connections.write({ connection, effect, description: 'x' }, () => undefined);
  expectOperationUrl(reply, exchange, effect);
  const operation = reply.kind === 'accepted' && reply.operationUrl !== undefined ? ' operation' : '';
  tell(stage, id.name, `${effect} ${reply.httpStatus}${operation}`);
}

interface RecordedConnection {
  readonly etag?: string;
  readonly properties: {
    readonly provisioningState: string;
    readonly privateEndpoint: { readonly id: string };
    readonly groupIds?: readonly string[];
    readonly privateLinkServiceConnectionState: {
      readonly status: string;
      readonly description?: string | null;
    };
  };
}

function compare(connection: Connection, { etag, properties }: RecordedConnection): void {
  expect(connection).toMatchObject({
    status: properties.privateLinkServiceConnectionState.status,
    message: properties.privateLinkServiceConnectionState.description ?? '',
    provisioningState: properties.provisioningState,
    endpointText: properties.privateEndpoint.id,
    endpoint: { id: properties.privateEndpoint.id },
    groupIds: properties.groupIds ?? [],
    etag,
  });
}

/** The URL that was recorded, where it can be polled; Key Vault's PUT has one whose answer nobody knows. */
function expectOperationUrl(
  reply: WriteReply,
  { headers, status, url }: Exchange,
  effect: WriteEffect,
): void {
  const isKeyVault = /microsoft\.keyvault/i.test(url);
  const isPollable = !isKeyVault || effect === 'delete';
  const operationUrl = isPollable ? (headers['azure-asyncoperation'] ?? headers['location']) : undefined;
  expect(reply).toMatchObject({ kind: 'accepted', httpStatus: status, operationUrl, refusedUrl: undefined });
  expect(operationUrl !== undefined || status === 200).toBe(true);
}

function effectOf({ method, requestBody }: Exchange): WriteEffect {
  if (method === 'DELETE') return 'delete';
  const { properties } = requestBody as RecordedConnection;
  return properties.privateLinkServiceConnectionState.status === 'Approved' ? 'approve' : 'reject';
}

/** The target of a path and, for one connection, its name. */
function whatIs(pathname: string): { target: TargetId; name: string | undefined } {
  const [, onlyTarget = pathname, name] =
    /^(.*)\/privateEndpointConnections(?:\/([^/]+))?$/i.exec(pathname) ?? [];
  const target = targetOf(parseResourceId(onlyTarget));
  if (target === undefined) throw new Error(`not a target: ${pathname}`);
  return { target, name };
}
