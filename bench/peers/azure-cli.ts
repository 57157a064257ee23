import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StartedAzure } from '../../dev/azure';
import type { SeedType } from '../system/seed';

/**
 * The calls of `az network private-endpoint-connection approve` (2.91.0): a GET, a PUT, and then every ten
 * seconds a GET until the connection is approved and settled, at most twenty times, with a token before each
 * call. The start of the CLI, 0.9 s per command, is not included.
 */
const apiVersions: Readonly<Record<SeedType, string>> = {
  'Microsoft.KeyVault/vaults': '2019-09-01',
  'Microsoft.KeyVault/managedHSMs': '2021-04-01-preview',
  'Microsoft.ApiManagement/service': '2021-08-01',
  'Microsoft.Compute/diskAccesses': '2023-04-02',
  'Microsoft.Storage/storageAccounts': '2019-06-01',
  'Microsoft.Sql/servers': '2018-06-01-preview',
  'Microsoft.ServiceBus/namespaces': '2021-06-01-preview',
};
const pauseSeconds = 10;
const maxPolls = 20;

interface ConnectionBody {
  readonly properties: {
    readonly provisioningState?: string;
    readonly privateLinkServiceConnectionState: Readonly<Record<string, unknown>>;
  };
}

/**
 * Approves a connection. Rejects when the CLI would give up. `speed` is that of the local Azure's clock,
 * which the pauses follow.
 */
export async function approveAsAzureCli(
  azure: StartedAzure,
  { type, connectionId, speed }: { type: SeedType; connectionId: string; speed: number },
): Promise<void> {
  const url = `${azure.armUrl}${connectionId}?api-version=${apiVersions[type]}`;
  const { properties, ...rest } = await callArm(azure, 'GET', url);
  const { privateLinkServiceConnectionState: state } = properties;
  const approved = { ...state, status: 'Approved', description: 'Approved' };
  await callArm(azure, 'PUT', url, {
    ...rest,
    properties: { ...properties, privateLinkServiceConnectionState: approved },
  });
  for (let poll = 0; poll < maxPolls; poll += 1) {
    await sleep((pauseSeconds * 1000) / speed);
    if (isApproved(await callArm(azure, 'GET', url))) return;
  }
  throw new Error(`Azure CLI would have given up on ${connectionId}`);
}

function isApproved({ properties }: ConnectionBody): boolean {
  const { provisioningState = '', privateLinkServiceConnectionState: state } = properties;
  return ['Succeeded', 'Ready'].includes(provisioningState) && state['status'] === 'Approved';
}

async function callArm(
  azure: StartedAzure,
  method: 'GET' | 'PUT',
  url: string,
  body?: object,
): Promise<ConnectionBody> {
  const token = await tokenFrom(azure);
  const text = await new Promise<string>((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const sending = request(url, { method, headers, ca: azure.certPem }, (reply) => {
      let received = '';
      reply.setEncoding('utf8');
      reply.on('data', (part: string) => (received += part));
      reply.on('error', reject);
      reply.on('end', () => {
        if ((reply.statusCode ?? 0) < 300) resolve(received);
        else reject(new Error(`${method} ${url}: ${reply.statusCode} ${received}`));
      });
    });
    sending.on('error', reject);
    sending.end(body === undefined ? undefined : JSON.stringify(body));
  });
  // The response to a PUT may be empty; it is not used.
  return (text === '' ? {} : JSON.parse(text)) as ConnectionBody;
}

async function tokenFrom({ environment, armUrl }: StartedAzure): Promise<string> {
  const query = `api-version=2019-08-01&resource=${encodeURIComponent(armUrl)}`;
  const headers = { 'x-identity-header': environment['IDENTITY_HEADER'] ?? '', metadata: 'true' };
  const reply = await fetch(`${environment['IDENTITY_ENDPOINT']}?${query}`, { headers });
  const { access_token: token } = (await reply.json()) as { access_token?: string };
  if (token === undefined) throw new Error(`No token: ${reply.status}`);
  return token;
}
