import * as z from '../../base/schema/schema';
import { tryParseJson } from '../../base/json';

/** The holder of a token as far as the token states it. */
export interface TokenHolder {
  readonly clientId: string | undefined;
  readonly objectId: string | undefined;
  readonly tenantId: string | undefined;
  /** Whether the holder is a person, whose token has scopes; one of an app or a managed identity has none. */
  readonly isPerson: boolean;
}

const guid = z.catch(z.optional(z.guid()), undefined);
const claims = z.catch(
  z.object({ appid: guid, azp: guid, oid: guid, tid: guid, scp: z.catch(z.optional(z.string()), undefined) }),
  {},
);

/** Reads the claims of a JWT. Nothing is allowed because of them, so that its signature is not checked. */
export function holderFrom(token: string): TokenHolder {
  const { appid, azp, oid, tid, scp } = claims.parse(payloadOf(token));
  return { clientId: appid ?? azp, objectId: oid, tenantId: tid, isPerson: scp !== undefined };
}

function payloadOf(token: string): unknown {
  return tryParseJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
}
