import type { TokenCredential } from '@azure/core-auth';
import * as z from '../../../base/schema/schema';
import { systemClock } from '../../../base/clock';
import { withAbortAfter } from '../../../base/timeout';
import { tryParseJson } from '../../../base/json';
import { armOriginFrom } from '../origin';
import { createTokenSource } from '../../identity/token-source';

/** The holder of a token for ARM, as far as the token states it. */
export interface TokenHolder {
  readonly clientId: string | undefined;
  readonly objectId: string | undefined;
  readonly tenantId: string | undefined;
  /** Whether the holder is a person, whose token has scopes; one of an app or a managed identity has none. */
  readonly isPerson: boolean;
}

const timeoutMs = 30_000;

/** Gets a token for ARM and reads its holder. The token is neither sent nor kept. @throws ArmError */
export async function readTokenHolder(endpoint: string, credential: TokenCredential): Promise<TokenHolder> {
  const source = createTokenSource(credential, `${armOriginFrom(endpoint)}/.default`, systemClock);
  const token = await withAbortAfter({ clock: systemClock, ms: timeoutMs }, (signal) => source.token(signal));
  return holderFrom(token);
}

const guid = z.catch(z.optional(z.guid()), undefined);
const claims = z.catch(
  z.object({ appid: guid, azp: guid, oid: guid, tid: guid, scp: z.catch(z.optional(z.string()), undefined) }),
  {},
);

/** Reads the claims of a JWT. They are for display only, so that its signature is not checked. */
export function holderFrom(token: string): TokenHolder {
  const { appid, azp, oid, tid, scp } = claims.parse(payloadOf(token));
  return { clientId: appid ?? azp, objectId: oid, tenantId: tid, isPerson: scp !== undefined };
}

function payloadOf(token: string): unknown {
  return tryParseJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
}
