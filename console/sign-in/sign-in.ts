import type { ConsoleConfig } from '../../src/console/api';
import { claimsOf, digestOf, randomText } from './base64url';

/** What is remembered while the browser is at the sign-in service; the tab forgets it at its return. */
interface Departure {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** What the page showed. */
  readonly hash: string;
  readonly isSilent: boolean;
}

/** How a person is asked to sign in. `none`: not at all; the sign-in service says no if it would have to ask. */
export type Prompt = 'none' | 'select_account';

/** A signed-in person. It exists in this page's memory only. */
export interface Session {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endsAt: number;
  /** The account, for the next silent sign-in. */
  readonly account?: string;
}

/** What the sign-in service sent the browser back with. */
export type Arrival =
  | { readonly kind: 'signed in'; readonly session: Session }
  /** The code is the sign-in service's, such as `AADSTS50105`, or its name for the error. */
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
  /** A silent sign-in was not possible: the person must be asked. */
  | { readonly kind: 'must ask' };

const place = 'postern.sign-in';
const redirectUri = (): string => location.origin + location.pathname;

/** Sends the browser to the sign-in service (authorization code with PKCE). The page ends here. */
export async function depart(
  config: ConsoleConfig,
  { prompt, account }: { readonly prompt?: Prompt; readonly account?: string | undefined } = {},
): Promise<void> {
  const departure: Departure = {
    state: randomText(),
    nonce: randomText(),
    verifier: randomText(),
    hash: location.hash === '' || isReturn(location.hash) ? '#/' : location.hash,
    isSilent: prompt === 'none',
  };
  sessionStorage.setItem(place, JSON.stringify(departure));
  const query = new URLSearchParams({
    client_id: config.clientId,
    response_type: 'code',
    // A query would put the code into the app's request log.
    response_mode: 'fragment',
    redirect_uri: redirectUri(),
    scope: config.scope,
    state: departure.state,
    nonce: departure.nonce,
    code_challenge: await digestOf(departure.verifier),
    code_challenge_method: 'S256',
    ...(prompt === undefined ? {} : { prompt }),
    ...(account === undefined ? {} : { login_hint: account }),
  });
  location.replace(`${endpointOf(config, 'authorize')}?${query.toString()}`);
}

/** Is true for the hash that a sign-in service returns with. */
export function isReturn(hash: string): boolean {
  const fields = new URLSearchParams(hash.slice(1));
  return fields.has('state') && (fields.has('code') || fields.has('error'));
}

/**
 * Exchanges the code in the page's hash for a token, and puts the hash back to what the page showed. Sends
 * nothing unless this tab began the sign-in. Rejects if the sign-in service cannot be reached.
 */
export async function arrive(config: ConsoleConfig): Promise<Arrival> {
  const fields = new URLSearchParams(location.hash.slice(1));
  const departure = takeDeparture();
  history.replaceState(null, '', departure?.hash ?? '#/');
  if (departure === undefined || fields.get('state') !== departure.state) {
    return { kind: 'failed', code: 'STATE', message: 'This sign-in was not started in this tab.' };
  }
  const code = fields.get('code');
  if (code !== null) return redeem(config, code, departure);
  if (departure.isSilent) return { kind: 'must ask' };
  return failure(fields.get('error'), fields.get('error_description'));
}

async function redeem(config: ConsoleConfig, code: string, departure: Departure): Promise<Arrival> {
  const response = await fetch(endpointOf(config, 'token'), {
    method: 'POST',
    credentials: 'omit',
    body: new URLSearchParams({
      client_id: config.clientId,
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri(),
      code_verifier: departure.verifier,
      scope: config.scope,
    }),
  });
  const reply = (await response.json()) as Readonly<Record<string, unknown>>;
  const { access_token: token, id_token: idToken, expires_in: seconds } = reply;
  if (!response.ok || typeof token !== 'string' || typeof idToken !== 'string') {
    return failure(reply['error'], reply['error_description']);
  }
  const { nonce, preferred_username: account } = claimsOf(idToken);
  if (nonce !== departure.nonce) {
    return { kind: 'failed', code: 'NONCE', message: 'The sign-in service answered another sign-in.' };
  }
  const startedAt = Date.now();
  const session: Session = {
    token,
    startedAt,
    endsAt: startedAt + (Number(seconds) || 0) * 1000,
    ...(typeof account === 'string' ? { account } : {}),
  };
  return { kind: 'signed in', session };
}

function failure(error: unknown, description: unknown): Arrival {
  const text = typeof description === 'string' ? description : '';
  const entra = /AADSTS\d+/.exec(text)?.[0];
  const code = entra ?? (typeof error === 'string' ? error : 'UNKNOWN');
  const message = (text.split(/\r?\n|\s+Trace ID:/)[0] ?? '').replace(/^AADSTS\d+:\s*/, '').slice(0, 500);
  return { kind: 'failed', code: code.slice(0, 60), message };
}

function takeDeparture(): Departure | undefined {
  const kept = sessionStorage.getItem(place);
  sessionStorage.removeItem(place);
  return kept === null ? undefined : (JSON.parse(kept) as Departure);
}

function endpointOf({ authority, tenantId }: ConsoleConfig, name: 'authorize' | 'token'): string {
  return `${authority}/${tenantId}/oauth2/v2.0/${name}`;
}
