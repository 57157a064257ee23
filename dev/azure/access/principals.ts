import type { LocalClock } from '../model/local-clock';
import type { Random } from '../model/random';

/** A token holder: the app's managed identity, or a person in a test. */
export interface Principal {
  readonly appId: string;
  readonly objectId: string;
  /** The tenant that issues the tokens. Default: the home tenant. */
  readonly tenantId?: string | undefined;
}

export interface TokenStore {
  readonly tenantId: string;
  /**
   * Issues a bearer token shaped like Entra's JWTs: three segments, `tid` and `oid` in the payload, no valid
   * signature.
   */
  issue(order: TokenOrder): IssuedToken;
  /** Returns the holder of a token. */
  find(
    token: string,
  ): { readonly principal: Principal; readonly audience: string; readonly expiresAt: Date } | undefined;
  /** Makes every token issued so far expire now. */
  expireAll(): void;
}

export interface TokenOrder {
  readonly principal: Principal;
  /** The resource that the token is for, e.g. `https://management.azure.com`. */
  readonly audience: string;
  readonly lifetimeSeconds?: number | undefined;
}

export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: Date;
}

export function createTokenStore(options: {
  readonly clock: LocalClock;
  readonly random: Random;
  readonly tenantId: string;
  /** The lifetime in real seconds, unlike other durations here: clients compare it with their own clock. */
  readonly lifetimeSeconds: number;
}): TokenStore {
  const { clock, random, tenantId } = options;
  const issued = new Map<string, { principal: Principal; audience: string; expiresAt: Date }>();

  function issue(order: TokenOrder): IssuedToken {
    const now = clock.now();
    const tid = order.principal.tenantId ?? tenantId;
    const expiresAt = new Date(now.getTime() + (order.lifetimeSeconds ?? options.lifetimeSeconds) * 1000);
    const token = jwtOf({
      aud: order.audience,
      iss: `https://sts.windows.net/${tid}/`,
      iat: unixSeconds(now),
      nbf: unixSeconds(now),
      exp: unixSeconds(expiresAt),
      appid: order.principal.appId,
      oid: order.principal.objectId,
      sub: order.principal.objectId,
      tid,
      uti: random.hex(22),
      ver: '1.0',
    });
    issued.set(token, { principal: order.principal, audience: order.audience, expiresAt });
    return { token, expiresAt };
  }

  return {
    tenantId,
    issue,
    find: (token) => issued.get(token),
    expireAll: () => {
      for (const entry of issued.values()) entry.expiresAt = new Date(0);
    },
  };
}

export function unixSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}

function jwtOf(payload: object): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signature = Buffer.from('not a signature: local Azure').toString('base64url');
  return `${encode({ typ: 'JWT', alg: 'none' })}.${encode(payload)}.${signature}`;
}
