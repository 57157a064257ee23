import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth';
import type { Clock } from '../../base/clock';
import { ArmError } from '../../base/errors';
import { safeText } from '../../base/text';

/** Fetches a bearer token of one scope. Fails with ARM_UNAUTHENTICATED, or ARM_UNAVAILABLE when the identity service does. */
export interface TokenSource {
  token(abortSignal: AbortSignal): Promise<string>;
  /** Forgets the token, after it was refused; once a minute at most, whatever is said of the next one. */
  forget(): void;
}

const renewBeforeMs = 5 * 60_000;

/** What is refused again so soon is no better when it is fetched once more: asking at every refusal helps nobody. */
const forgetEveryMs = 60_000;

/**
 * Keeps one token until five minutes before its end. The pipeline policy of the SDKs is not used: it refreshes in
 * the background, and a refresh that fails there is a rejection that nobody handles.
 */
export function createTokenSource(credential: TokenCredential, scope: string, clock: Clock): TokenSource {
  let held: AccessToken | undefined;
  let forgottenAtMs = -Infinity;
  return {
    async token(abortSignal) {
      if (held !== undefined && held.expiresOnTimestamp - clock.now().getTime() > renewBeforeMs)
        return held.token;
      const fresh = await fetchToken(credential, scope, { abortSignal });
      held = fresh;
      return fresh.token;
    },
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

/** An identity endpoint that could not be reached has refused nothing. */
const networkPattern = /network_error|network unreachable|ECONNREFUSED|ECONNRESET|ETIMEDOUT/i;

function refusal(error: unknown, scope: string): ArmError {
  const status = statusOf(error);
  const reason = safeText(error instanceof Error ? `${error.name}: ${error.message}` : String(error), 300);
  if (status === 429 || (status !== undefined && status >= 500) || networkPattern.test(reason)) {
    return new ArmError('ARM_UNAVAILABLE', `The identity service has trouble: ${reason}`);
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
