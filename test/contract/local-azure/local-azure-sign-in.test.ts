import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { appRoles } from '../../../dev/lib/app-roles';
import {
  localIdentity,
  localIdentitySecret,
  localRequest,
  startLocalAzure,
  type StartedAzure,
} from '../../../dev/azure';
import { curlHelp } from '../../../dev/start/help/curl-help';
import { person } from '../../../dev/start/world';
import { projectRoot } from '../../support/repo/project';

/** The requests of Azure CLI's sign-in, against the local Azure as `npm start` makes it. */
const guide = readFileSync(join(projectRoot, 'docs/local-azure.md'), 'utf8');
let azure: StartedAzure;

beforeAll(async () => {
  azure = await startLocalAzure({ roles: appRoles, identity: { userAssigned: [person] } });
});
afterAll(() => azure.close());

/** As msal asks for it: `az login --identity`, with `--client-id` or without. */
async function tokenOf(selector: Record<string, string>): Promise<{ status: number; token: string }> {
  const query = new URLSearchParams({ 'api-version': '2019-08-01', resource: azure.armUrl, ...selector });
  const headers = { 'X-IDENTITY-HEADER': localIdentitySecret, Metadata: 'true' };
  const reply = await fetch(`${azure.identityUrl}?${query.toString()}`, { headers });
  const { access_token: token = '' } = (await reply.json()) as { access_token?: string };
  return { status: reply.status, token };
}

function holderOf(token: string): { appid?: string; tid?: string } {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
  return JSON.parse(payload) as { appid?: string; tid?: string };
}

test('the guide signs in as the person, and the help of npm start says so, too', () => {
  expect(guide).toContain(`az login --identity --client-id ${person.appId}`);
  expect(guide).not.toMatch(/az login --identity(?! --client-id)/);
  const help = curlHelp({ armUrl: azure.armUrl, identityUrl: azure.identityUrl } as never);
  expect(help).toContain(`az login --identity --client-id ${person.appId}`);
});

test('with the client id of the guide the token is the person’s, who may make endpoints', async () => {
  const { status, token } = await tokenOf({ client_id: person.appId });
  expect(status).toBe(200);
  expect(holderOf(token)).toMatchObject({ appid: person.appId, tid: expect.any(String) });
  expect(await made('kv-by-person', token)).toBe(201);
});

test('without it the token is Postern’s own, which may not', async () => {
  const { token } = await tokenOf({});
  expect(holderOf(token).appid).toBe(localIdentity.appId);
  expect(await made('kv-by-postern', token)).toBe(403);
});

test.each([
  [{ client_id: person.appId.toUpperCase() }, 200],
  [{ object_id: person.objectId }, 200],
  [{ client_id: '00000000-0000-4000-8000-000000000000' }, 400],
  [{ mi_res_id: '/subscriptions/x' }, 400],
])(
  'an identity that is asked for as %j is found or refused, and never another one',
  async (selector, status) => {
    const reply = await tokenOf(selector);
    expect(reply.status).toBe(status);
    if (status === 200) expect(holderOf(reply.token).appid).toBe(person.appId);
  },
);

const owner = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/shared/providers';

/** The status of what `az network private-endpoint create --manual-request true` sends with that token. */
async function made(name: string, token: string): Promise<number> {
  const vault = `${owner}/Microsoft.KeyVault/vaults/${name}`;
  await azure.control.send(person, 'PUT', `${vault}?api-version=2024-11-01`, {
    location: 'westeurope',
    properties: {},
  });
  const properties = { groupIds: ['vault'], privateLinkServiceId: vault, requestMessage: 'from az' };
  const body = {
    location: 'westeurope',
    properties: { manualPrivateLinkServiceConnections: [{ name, properties }] },
  };
  const url = `${azure.armUrl}${owner}/Microsoft.Network/privateEndpoints/${name}?api-version=2022-01-01`;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const reply = await azure.router.handle(localRequest('PUT', url, { headers, body }));
  return reply.kind === 'reset' ? 0 : reply.status;
}
