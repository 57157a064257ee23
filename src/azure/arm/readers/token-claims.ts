import type { TokenCredential } from '@azure/core-auth';
import { systemClock } from '../../../base/clock';
import { withAbortAfter } from '../../../base/timeout';
import { armOriginFrom } from '../origin';
import { holderFrom, type TokenHolder } from '../../identity/token-holder';
import { createTokenSource } from '../../identity/token-source';

export type { TokenHolder } from '../../identity/token-holder';

const timeoutMs = 30_000;

/** Gets a token for ARM and reads its holder. The token is neither sent nor kept. @throws ArmError */
export async function readTokenHolder(endpoint: string, credential: TokenCredential): Promise<TokenHolder> {
  const source = createTokenSource(credential, `${armOriginFrom(endpoint)}/.default`, systemClock);
  const token = await withAbortAfter({ clock: systemClock, ms: timeoutMs }, (signal) => source.token(signal));
  return holderFrom(token);
}
