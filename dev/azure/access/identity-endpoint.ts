import { jsonResponse, type LocalRequest, type LocalResponse } from '../http/message';
import { unixSeconds, type Principal, type TokenStore } from './principals';

export interface IdentityOptions {
  /** The value that callers must send as `X-IDENTITY-HEADER`; App Service calls it IDENTITY_HEADER. */
  readonly secret: string;
  readonly systemAssigned: Principal;
  /** Identities selected by `client_id` (the `appId`), `principal_id` or `object_id`. */
  readonly userAssigned: readonly Principal[];
}

/**
 * Answers as App Service's managed identity endpoint: `GET …?api-version=2019-08-01&resource=…[&client_id=…]`
 * returns a token with `expires_on` in Unix seconds.
 */
export function answerIdentity(
  request: LocalRequest,
  { options, tokens }: { options: IdentityOptions; tokens: TokenStore },
): LocalResponse {
  const { searchParams: query } = new URL(request.url);
  if (request.method !== 'GET') return refuse(405, `The method ${request.method} is not allowed.`);
  if (query.get('api-version') !== '2019-08-01') {
    return refuse(400, "The api-version must be '2019-08-01'; the local Azure supports no other.");
  }
  if (request.headers['x-identity-header'] !== options.secret) {
    return refuse(401, 'The X-IDENTITY-HEADER is missing or wrong.');
  }
  const resource = query.get('resource');
  if (resource === null || resource === '') return refuse(400, 'The parameter resource is missing.');
  const principal = principalOf(query, options);
  if (principal === undefined) return refuse(400, 'No managed identity found for the client ID given.');
  const { token, expiresAt } = tokens.issue({ principal, audience: resource });
  return jsonResponse(200, {
    access_token: token,
    expires_on: String(unixSeconds(expiresAt)),
    resource,
    token_type: 'Bearer',
    client_id: principal.appId,
  });
}

/**
 * Query parameters that select an identity. A resource id matches none, because identities have no resource
 * id here.
 */
const selectors = ['client_id', 'principal_id', 'object_id', 'mi_res_id', 'msi_res_id'];

function principalOf(query: URLSearchParams, options: IdentityOptions): Principal | undefined {
  const wanted = selectors.map((name) => query.get(name)).find((value) => value !== null);
  if (wanted === undefined) return options.systemAssigned;
  return [options.systemAssigned, ...options.userAssigned].find(({ appId, objectId }) =>
    [appId, objectId].includes(wanted.toLowerCase()),
  );
}

function refuse(status: number, message: string): LocalResponse {
  return jsonResponse(status, { statusCode: status, message });
}
