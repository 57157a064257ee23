import { somebodyElse, type LocalAzure, type Principal } from '../azure';
import { putResource } from '../lib/put-resource';

export type Ending = 'approved' | 'rejected' | 'deleted' | 'held' | 'superseded';

export interface PlannedConnection {
  /** `target/endpoint`, as the timeline shows it. */
  readonly label: string;
  readonly targetId: string;
  readonly endpointId: string;
  readonly message: string | undefined;
  readonly ending: Ending;
}

const owner = '33333333-3333-4333-8333-333333333333';
/** The subscriptions that endpoints are in. */
export const subscriptions = {
  applications: '11111111-1111-4111-8111-111111111111',
  data: '22222222-2222-4222-8222-222222222222',
  stranger: '99999999-9999-4999-8999-999999999999',
};

export const strangersSubscription = subscriptions.stranger;
const strangersTenantId = '5a5a5a5a-0000-4000-8000-000000000001';

interface PlannedTarget {
  readonly type: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly apiVersion: string;
}

const vault = { type: 'Microsoft.KeyVault/vaults', apiVersion: '2024-11-01' };
const prod = { env: 'prod' };
const targets: Readonly<Record<string, PlannedTarget>> = {
  'kv-payments': { ...vault, tags: prod },
  'kv-sandbox': { ...vault, tags: { env: 'dev' } },
  'kv-frozen': { ...vault, tags: { env: 'prod', freeze: 'CHG-4711' } },
  'hsm-signing': { type: 'Microsoft.KeyVault/managedHSMs', apiVersion: '2024-11-01', tags: prod },
  'apim-public': { type: 'Microsoft.ApiManagement/service', apiVersion: '2024-05-01', tags: prod },
  stexports: { type: 'Microsoft.Storage/storageAccounts', apiVersion: '2025-08-01', tags: prod },
  'sql-orders': { type: 'Microsoft.Sql/servers', apiVersion: '2025-01-01', tags: prod },
  'cosmos-carts': { type: 'Microsoft.DocumentDB/databaseAccounts', apiVersion: '2025-10-15', tags: prod },
  'app-portal': { type: 'Microsoft.Web/sites', apiVersion: '2025-05-01', tags: prod },
  crimages: { type: 'Microsoft.ContainerRegistry/registries', apiVersion: '2025-11-01', tags: prod },
  'pls-gateway': { type: 'Microsoft.Network/privateLinkServices', apiVersion: '2025-05-01', tags: prod },
  'da-exports': { type: 'Microsoft.Compute/diskAccesses', apiVersion: '2025-01-02', tags: prod },
};

type Row = readonly [
  target: string,
  endpoint: string,
  from: keyof typeof subscriptions,
  message: string,
  Ending,
];

const rows: readonly Row[] = [
  ['kv-payments', 'pe-checkout', 'applications', 'Checkout, order 1042', 'approved'],
  ['kv-payments', 'pe-ledger', 'data', '', 'approved'],
  ['kv-payments', 'pe-unknown', 'stranger', '', 'rejected'],
  ['kv-frozen', 'pe-freeze', 'applications', 'Before the freeze?', 'held'],
  ['kv-sandbox', 'pe-trial', 'applications', 'Just trying', 'held'],
  ['hsm-signing', 'pe-signer', 'applications', '', 'approved'],
  ['hsm-signing', 'pe-auditor', 'stranger', 'Contoso audit, please call Ms Ito', 'held'],
  ['apim-public', 'pe-portal', 'applications', 'Developer portal', 'approved'],
  ['apim-public', 'pe-batch', 'data', 'Nightly batch', 'approved'],
  ['da-exports', 'pe-backup', 'data', 'Backup', 'approved'],
  ['da-exports', 'pe-stray', 'stranger', '', 'rejected'],
  ['stexports', 'pe-files', 'data', 'Exports', 'approved'],
  ['sql-orders', 'pe-orders', 'applications', 'Orders', 'approved'],
  ['cosmos-carts', 'pe-carts', 'applications', '', 'approved'],
  ['app-portal', 'pe-inside', 'applications', 'Portal from inside', 'approved'],
  ['crimages', 'pe-builds', 'data', 'Build agents', 'approved'],
  ['pls-gateway', 'pe-partner', 'stranger', '', 'rejected'],
  ['hsm-signing', 'pe-rush', 'applications', 'In a hurry', 'superseded'],
];

const leftover: Row = ['hsm-signing', 'pe-decommissioned', 'data', '', 'deleted'];

/** The sample connections and their expected ends. */
export const plannedConnections: readonly PlannedConnection[] = [...rows, leftover].map(
  ([target, endpoint, from, message, ending]) => ({
    label: `${target}/${endpoint}`,
    targetId: targetIdOf(target),
    endpointId: endpointIdOf(endpoint, subscriptions[from]),
    message: message === '' ? undefined : message,
    ending,
  }),
);

/** The connection that a person approves while Postern waits for its turn. */
export const rushed = plannedConnections.find(({ ending }) => ending === 'superseded');

export function targetIdOf(name: string): string {
  return `/subscriptions/${owner}/resourceGroups/shared/providers/${targets[name]?.type ?? ''}/${name}`;
}

function endpointIdOf(name: string, subscription: string): string {
  return `/subscriptions/${subscription}/resourceGroups/network/providers/Microsoft.Network/privateEndpoints/${name}`;
}

/** A person in the company, as opposed to Postern. */
export const person: Principal = somebodyElse;

/** A requester of another tenant. */
export const stranger: Principal = {
  appId: 'd0000000-0000-4000-8000-000000000001',
  objectId: 'd0000000-0000-4000-8000-000000000002',
  tenantId: strangersTenantId,
};

/**
 * Creates the samples through ARM: first targets, then endpoints that request connections. Rejects if ARM
 * refuses any.
 */
export async function seedWorld(azure: LocalAzure): Promise<void> {
  // ARM lets no one in the company read resources of the strangers' tenant.
  azure.tenants.assign(strangersTenantId, [subscriptions.stranger]);
  for (const [name, { apiVersion, tags }] of Object.entries(targets)) {
    const body = { location: 'westeurope', tags, properties: {} };
    await putResource(azure, person, { id: targetIdOf(name), apiVersion, body });
  }
  const [, leftoverName, from] = leftover;
  azure.control.seed({
    targetId: targetIdOf(leftover[0]),
    connectionName: leftoverName,
    endpointId: endpointIdOf(leftoverName, subscriptions[from]),
    status: 'Disconnected',
  });
  await Promise.all(
    rows.map(([target, endpoint, from, message]) =>
      requestConnection(azure, { target, endpoint, from, message }),
    ),
  );
}

async function requestConnection(
  azure: LocalAzure,
  wanted: { target: string; endpoint: string; from: keyof typeof subscriptions; message: string },
): Promise<void> {
  const id = endpointIdOf(wanted.endpoint, subscriptions[wanted.from]);
  const connection = {
    name: wanted.endpoint,
    properties: {
      privateLinkServiceId: targetIdOf(wanted.target),
      groupIds: [],
      requestMessage: wanted.message,
    },
  };
  const requester = wanted.from === 'stranger' ? stranger : person;
  const properties = {
    subnet: { id: id.replace(/privateEndpoints.*/, 'virtualNetworks/hub/subnets/endpoints') },
    manualPrivateLinkServiceConnections: [connection],
  };
  await putResource(azure, requester, {
    id,
    apiVersion: '2024-05-01',
    body: { location: 'westeurope', properties },
  });
}
