import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Configuration, interactionPolicy, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { exportJWK, generateKeyPair } from 'jose';
import type { LocalPerson } from './people';
import { chosenPerson, signInPage } from './sign-in-page';

/** What `startProvider` needs. */
export interface ProviderOptions {
  /** The port; 0 selects any free port. */
  readonly port: number;
  readonly tenantId: string;
  readonly clientId: string;
  /** Addresses of the page, such as `http://127.0.0.1:7071/console/`. */
  readonly redirectUris: readonly string[];
  readonly people: readonly LocalPerson[];
  /** How long access tokens live. Default: an hour. */
  readonly accessTokenSeconds?: number;
}

/** A running sign-in service. */
export interface RunningProvider {
  /** Its origin, for CONSOLE_AUTHORITY. */
  readonly authority: string;
  close(): Promise<void>;
}

/**
 * Starts a sign-in service on loopback: a real OpenID provider with the addresses and the claims of Entra
 * ID, where people sign in by choosing who they are. Anybody on this machine can sign in as anybody.
 */
export async function startProvider(options: ProviderOptions): Promise<RunningProvider> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  // Another host than the app's 127.0.0.1, so that the cookies of both are apart, as they are in Azure.
  const authority = `http://localhost:${port}`;
  const provider = await withoutAdvice(() => createProvider(authority, options));
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (!isInteraction(request)) return void answer(request, response);
    interact(provider, options.people, request, response).catch((error: unknown) => {
      response.writeHead(400, { 'content-type': 'text/plain' }).end(String(error));
    });
  });
  return {
    authority,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function createProvider(authority: string, options: ProviderOptions): Promise<Provider> {
  const { tenantId, clientId, redirectUris } = options;
  const { interactionPolicy, Provider } = await import('oidc-provider');
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const signingKey = { ...(await exportJWK(privateKey)), kid: 'local-1', use: 'sig', alg: 'RS256' };
  return new Provider(`${authority}/${tenantId}/v2.0`, {
    clients: [
      {
        client_id: clientId,
        // `native` would ask for consent at each sign-in.
        application_type: 'web',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: [...redirectUris],
      },
    ],
    jwks: { keys: [signingKey] },
    cookies: { keys: ['local'] },
    clientBasedCORS: () => true,
    pkce: { required: () => true },
    routes: {
      authorization: `/${tenantId}/oauth2/v2.0/authorize`,
      token: `/${tenantId}/oauth2/v2.0/token`,
      jwks: `/${tenantId}/discovery/v2.0/keys`,
    },
    scopes: ['openid', 'profile'],
    ...claimsOf(options),
    ...tokensOf(options),
    interactions: { url: (_context, { uid }) => `/interaction/${uid}`, policy: policyOf(interactionPolicy) },
    loadExistingGrant: (context) => grantEverything(context, options),
  });
}

const scopeOf = ({ clientId }: ProviderOptions): string => `${clientId}/Console.Use`;

function claimsOf({ people }: ProviderOptions): Configuration {
  return {
    claims: { openid: ['sub', 'oid'], profile: ['name', 'preferred_username'] },
    conformIdTokenClaims: false,
    findAccount: (_context, id) => {
      const person = people.find(({ oid }) => oid === id);
      if (person === undefined) return undefined;
      const { oid, name, userName } = person;
      return {
        accountId: oid,
        claims: () => ({ sub: oid, oid, name, preferred_username: userName }),
      };
    },
  };
}

/** Issues access tokens as Entra does for an app that asks for itself: signed, version 2.0. */
function tokensOf(options: ProviderOptions): Configuration {
  const { accessTokenSeconds = 3600, clientId, people, tenantId } = options;
  return {
    ttl: {
      AccessToken: accessTokenSeconds,
      IdToken: accessTokenSeconds,
      Interaction: 3600,
      Session: 86_400,
      Grant: 86_400,
    },
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: scopeOf(options),
          audience: clientId,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    formats: {
      customizers: {
        jwt: (_context, token, jwt) => {
          const person = people.find(({ oid }) => 'accountId' in token && oid === token.accountId);
          const { iat, jti } = jwt.payload;
          Object.assign(jwt.payload, {
            ver: '2.0',
            tid: tenantId,
            azp: clientId,
            nbf: iat,
            oid: person?.oid,
            name: person?.name,
            preferred_username: person?.userName,
            roles: person?.roles,
            scp: 'Console.Use',
            uti: jti,
          });
        },
      },
    },
  };
}

const resource = 'urn:postern:console';

/** Adds the prompt with which a person chooses another account. */
function policyOf({ Prompt, base }: typeof interactionPolicy): interactionPolicy.DefaultPolicy {
  const prompts = base();
  prompts.add(new Prompt({ name: 'select_account', requestable: true }), 0);
  return prompts;
}

/** Consents for everybody: an administrator has done it for the tenant. */
async function grantEverything({ oidc }: KoaContextWithOIDC, options: ProviderOptions) {
  const { client, provider, session } = oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid profile');
  grant.addResourceScope(resource, scopeOf(options));
  await grant.save();
  return grant;
}

/** Leaves out what the package advises those who run it in production: another store, a newer Node. */
async function withoutAdvice<T>(work: () => Promise<T>): Promise<T> {
  const { warn } = console;
  console.warn = (...words: unknown[]) => {
    if (!String(words[0]).includes('oidc-provider WARNING')) warn(...words);
  };
  try {
    return await work();
  } finally {
    console.warn = warn;
  }
}

const isInteraction = ({ url = '' }: IncomingMessage): boolean => url.startsWith('/interaction/');

async function interact(
  provider: Provider,
  people: readonly LocalPerson[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  await provider.interactionDetails(request, response);
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(signInPage(people));
    return;
  }
  const accountId = await chosenPerson(request);
  await provider.interactionFinished(
    request,
    response,
    { select_account: {}, login: { accountId } },
    { mergeWithLastSubmission: false },
  );
}
