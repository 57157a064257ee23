import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';

/** A key of a tenant that this test plays. */
export interface TestKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

export const tenantId = '11111111-aaaa-4bbb-8ccc-000000000001';
export const clientId = '22222222-aaaa-4bbb-8ccc-000000000002';
export const authority = 'https://login.example.test';
export const settings = { authority, tenantId, clientId };

export async function createKey(kid: string): Promise<TestKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' } };
}

/** Claims as Entra states them for a person who may do everything. */
export function claimsAt(now: Date, changes: JWTPayload = {}): JWTPayload {
  const seconds = Math.floor(now.getTime() / 1000);
  return {
    iss: `${authority}/${tenantId}/v2.0`,
    aud: clientId,
    azp: clientId,
    tid: tenantId,
    ver: '2.0',
    oid: '33333333-aaaa-4bbb-8ccc-000000000003',
    scp: 'Console.Use',
    roles: ['Postern.Viewer', 'Postern.Approver', 'Postern.Operator'],
    name: 'Ada Approver',
    uti: 'uti-1',
    iat: seconds,
    nbf: seconds,
    exp: seconds + 3600,
    ...changes,
  };
}

export function sign(
  key: TestKey,
  claims: JWTPayload,
  header: Record<string, unknown> = {},
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid, ...header })
    .sign(key.privateKey);
}

/** A key set that a test changes, and counts the readings of. */
export function createKeySet(...keys: readonly TestKey[]) {
  const set = {
    keys: [...keys],
    status: 200,
    readings: [] as string[],
    fail: undefined as Error | undefined,
    fetch: (url: string): Promise<Response> => {
      set.readings.push(url);
      if (set.fail !== undefined) return Promise.reject(set.fail);
      const body = JSON.stringify({ keys: set.keys.map(({ publicJwk }) => publicJwk) });
      return Promise.resolve(new Response(body, { status: set.status }));
    },
  };
  return set;
}
