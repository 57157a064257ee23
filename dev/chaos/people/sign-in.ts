import { createHash, randomBytes } from 'node:crypto';
import type { ConsoleConfig } from '../../../src/console/api';

/** Where a browser would come back to. Nothing listens there. */
export const redirectUri = 'http://127.0.0.1/console/';

/** How often a sign-in service may send the browser on. */
const mostSteps = 12;

/**
 * Signs a person in as the page does, by authorization code with PKCE. Resolves to the access token.
 * @throws Error if the sign-in service does not end with a token
 */
export async function signIn(config: ConsoleConfig, oid: string): Promise<string> {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: config.clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: config.scope,
    state: 'chaos',
    nonce: randomBytes(16).toString('base64url'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const code = await codeFrom(`${endpointOf(config, 'authorize')}?${query.toString()}`, oid);
  const reply = await fetch(endpointOf(config, 'token'), {
    method: 'POST',
    body: new URLSearchParams({
      client_id: config.clientId,
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
      scope: config.scope,
    }),
  });
  const { access_token: token } = (await reply.json()) as { readonly access_token?: string };
  if (token === undefined) throw new Error(`The sign-in service gave no token: ${reply.status}`);
  return token;
}

/** Follows the sign-in service as a browser does, and says who it is where it asks. */
async function codeFrom(start: string, oid: string): Promise<string> {
  const cookies = new Map<string, string>();
  let url = start;
  for (let step = 0; step < mostSteps; step += 1) {
    const isQuestion = new URL(url).pathname.startsWith('/interaction/');
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const reply = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(isQuestion ? { method: 'POST', body: new URLSearchParams({ oid }) } : {}),
    });
    for (const line of reply.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const next = new URL(reply.headers.get('location') ?? '', url);
    if (next.href.startsWith(redirectUri)) return next.searchParams.get('code') ?? '';
    if (reply.headers.get('location') === null) break;
    url = next.href;
  }
  throw new Error('The sign-in service does not lead back to the page');
}

function endpointOf({ authority, tenantId }: ConsoleConfig, name: 'authorize' | 'token'): string {
  return `${authority}/${tenantId}/oauth2/v2.0/${name}`;
}
