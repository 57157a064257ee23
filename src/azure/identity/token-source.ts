import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth';
import type { Clock } from '../../base/clock';
import { ArmError } from '../../base/errors';
import { safeText } from '../../base/text';
import { holderFrom } from './token-holder';

/**
 * The bearer tokens of one scope. @throws ArmError ARM_UNAUTHENTICATED if no token is issued, ARM_UNAVAILABLE
 * if the identity service cannot be reached.
 */
export interface TokenSource {
  token(abortSignal: AbortSignal): Promise<string>;
  /**
   * Returns the object id of the app or managed identity that the held token belongs to; `undefined` before the first
   * token, or if it belongs to a person.
   */
  ownObjectId(): string | undefined;
  /** Forgets the token after ARM refused it; at most once a minute, even if the next one is refused, too. */
  forget(): void;
}

const renewBeforeMs = 5 * 60_000;

/**
 * The shortest time from one forgotten token to the next, in milliseconds: a new token that is refused at
 * once will not get better.
 */
const forgetEveryMs = 60_000;

/**
 * Creates a source that keeps one token until five minutes before its end. The pipeline policy of the SDKs is
 * not used: it refreshes in the background, where a failure becomes an unhandled rejection.
 */
export function createTokenSource(credential: TokenCredential, scope: string, clock: Clock): TokenSource {
  let held: AccessToken | undefined;
  let ownObjectId: string | undefined;
  let forgottenAtMs = -Infinity;
  return {
    async token(abortSignal) {
      if (held !== undefined && held.expiresOnTimestamp - clock.now().getTime() > renewBeforeMs)
        return held.token;
      const fresh = await fetchToken(credential, scope, { abortSignal });
      held = fresh;
      const { objectId, isPerson } = holderFrom(fresh.token);
      ownObjectId = isPerson ? undefined : objectId?.toLowerCase();
      return fresh.token;
    },
    ownObjectId: () => ownObjectId,
    forget() {
      const nowMs = clock.monotonicMs();
      if (nowMs - forgottenAtMs < forgetEveryMs) return;
      forgottenAtMs = nowMs;
      held = undefined;
    },
  };
}

async function fetchToken(
  credential: TokenCredential,
  scope: string,
  options: GetTokenOptions,
): Promise<AccessToken> {
  let token: AccessToken | null;
  try {
    token = await credential.getToken(scope, options);
  } catch (error) {
    throw refusal(error, scope);
  }
  if (token === null || token.token === '')
    throw new ArmError('ARM_UNAUTHENTICATED', `No token was given. ${fix}`);
  return token;
}

const fix = 'Check that the app has a managed identity and that AZURE_CLIENT_ID, if set, names it';

/** The error texts of an identity endpoint that could not be reached, which has therefore refused nothing. */
const networkPattern = /network_error|network unreachable|ECONNREFUSED|ECONNRESET|ETIMEDOUT/i;

function refusal(error: unknown, scope: string): ArmError {
  const status = statusOf(error);
  const reason = safeText(error instanceof Error ? `${error.name}: ${error.message}` : String(error), 300);
  if (status === 429 || (status !== undefined && status >= 500) || networkPattern.test(reason)) {
    return new ArmError('ARM_UNAVAILABLE', `The identity service is failing: ${reason}`);
  }
  return new ArmError(
    'ARM_UNAUTHENTICATED',
    `No token for ${scope.replace('/.default', '')}. ${fix}. ${reason}`,
  );
}

/** `AuthenticationError` of `@azure/identity` carries the status; its class is not loaded here. */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}
