import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient, PipelineRequest } from '@azure/core-rest-pipeline';
import { createHttpHeaders } from '@azure/core-rest-pipeline';
import fc from 'fast-check';
import { readRegistration } from '../../../../src/azure/identity/registration';

const clientId = '88888888-8888-4888-8888-888888888888';
const commercial = 'https://login.microsoftonline.com';

/** A registration as Graph shows it. */
const shown = {
  api: {
    acceptMappedClaims: null,
    requestedAccessTokenVersion: 2,
    oauth2PermissionScopes: [
      { id: 'a', value: 'Console.Use', isEnabled: true, type: 'User' },
      { id: 'b', value: 'Console.Old', isEnabled: false, type: 'User' },
    ],
  },
  spa: { redirectUris: ['https://func.azurewebsites.net/console/'] },
  appRoles: [
    { id: 'c', value: 'Postern.Viewer', isEnabled: true, allowedMemberTypes: ['User'] },
    { id: 'd', value: 'Postern.Approver', isEnabled: false, allowedMemberTypes: ['User'] },
    { id: 'e', value: 'Postern.Operator', isEnabled: true, allowedMemberTypes: ['Application'] },
  ],
};

function graphWith(body: unknown, status = 200) {
  const requests: PipelineRequest[] = [];
  const scopes: (string | string[])[] = [];
  const httpClient: HttpClient = {
    sendRequest: (request) => {
      requests.push(request);
      const bodyAsText = typeof body === 'string' ? body : JSON.stringify(body);
      return Promise.resolve({ request, status, headers: createHttpHeaders(), bodyAsText });
    },
  };
  const credential: TokenCredential = {
    getToken: (scope) => {
      scopes.push(scope);
      return Promise.resolve({ token: 'secret-token', expiresOnTimestamp: Date.now() + 3_600_000 });
    },
  };
  const read = (authority = commercial) =>
    readRegistration(
      { credential, httpClient },
      { authority, clientId, signal: new AbortController().signal },
    );
  return { read, requests, scopes };
}

test('what is disabled, or not for people, does not count', async () => {
  const { read, requests, scopes } = graphWith({ value: [shown] });
  expect(await read()).toEqual({
    tokenVersion: 2,
    redirectUris: ['https://func.azurewebsites.net/console/'],
    scopes: ['Console.Use'],
    roles: ['Postern.Viewer'],
  });
  expect(scopes).toEqual(['https://graph.microsoft.com/.default']);
  const [request] = requests;
  const url = new URL(request?.url ?? '');
  expect(url.origin + url.pathname).toBe('https://graph.microsoft.com/v1.0/applications');
  expect(url.searchParams.get('$filter')).toBe(`appId eq '${clientId}'`);
  expect(request?.headers.get('authorization')).toBe('Bearer secret-token');
  expect(request?.allowInsecureConnection).toBe(false);
});

test('a registration without a version has tokens of version 1, and an empty list is no registration', async () => {
  const api = { ...shown.api, requestedAccessTokenVersion: null };
  expect((await graphWith({ value: [{ ...shown, api }] }).read())?.tokenVersion).toBeUndefined();
  expect(await graphWith({ value: [] }).read()).toBeUndefined();
});

test.each([
  ['https://login.microsoftonline.us', 'https://graph.microsoft.us'],
  ['https://login.partner.microsoftonline.cn', 'https://microsoftgraph.chinacloudapi.cn'],
])('people of %s are registered at %s', async (authority, graph) => {
  const { read, requests, scopes } = graphWith({ value: [] });
  await read(authority);
  expect(scopes).toEqual([`${graph}/.default`]);
  expect(new URL(requests[0]?.url ?? '').origin).toBe(graph);
});

test('no token is asked for, and nothing is sent, where the directory is not known', async () => {
  const { read, requests, scopes } = graphWith({ value: [shown] });
  for (const authority of ['http://127.0.0.1:5000', 'https://stranger.example'])
    await expect(read(authority)).rejects.toThrow('is not known');
  expect([requests, scopes]).toEqual([[], []]);
});

test('a refusal is an error, never a missing registration, and does not contain the token', async () => {
  for (const status of [301, 401, 403, 404, 429, 500]) {
    const error: unknown = await graphWith({ error: { message: 'secret-token' } }, status)
      .read()
      .catch((each: unknown) => each);
    expect(String(error)).toBe(`Error: Microsoft Graph answers HTTP ${status}`);
  }
});

test('whatever Graph answers, it is read or refused', async () => {
  const bodies = fc.oneof(fc.string(), fc.json(), fc.constant({ value: [{ ...shown, spa: null }] }));
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      await expect(graphWith(body).read()).rejects.toThrow('something else than registrations');
    }),
  );
});
