import type { Clock } from '../../base/clock';
import { ArmError, type ArmErrorCode, type ArmErrorDetails, PosternError } from '../../base/errors';
import { fieldsOf } from '../../base/json';
import { safeText } from '../../base/text';
import { tryParseBody } from './body';
import { actionNamedIn, actionOf, type ArmMethod } from './rbac-action';
import { introductionOf, policyDenial, unregisteredIn, versionCodes } from './refusal/advice';
import { type ArmErrorText, readArmError } from './refusal/error-body';
import { isPage } from './refusal/html-page';
import { type ReplyHeaders, retryAfterSecondsFrom } from './retry-after';
import { tenantInChallenge } from './tenant-challenge';

export interface FailedReply {
  readonly httpStatus: number;
  readonly headers: ReplyHeaders;
  readonly body: string;
}

/** Converts a reply without a 2xx status into an error with a code. Bodies may be empty or of any shape. */
export function errorFromReply(reply: FailedReply, method: ArmMethod, url: string, clock: Clock): ArmError {
  const error = readArmError(reply.body);
  const { code: armCode, message, cause } = error;
  const code = codeOf(reply, error, url);
  const action = code === 'ARM_FORBIDDEN' ? (actionNamedIn(error.said) ?? actionOf(method, url)) : undefined;
  const said = [`HTTP ${reply.httpStatus}`, armCode, cause, message].filter(
    (part) => part !== undefined && part !== '',
  );
  const details: ArmErrorDetails = {
    httpStatus: reply.httpStatus,
    armCode,
    retryAfterSeconds: retryAfterSecondsFrom(reply.headers, clock),
    action,
    tenantId: reply.httpStatus === 401 ? tenantInChallenge(reply.headers) : undefined,
  };
  const introduction = introductionOf({ code, error, url, action });
  return new ArmError(code, safeText(`${introduction}${said.join(' ')}`), details);
}

/** ARM codes that come with 409 although a later retry does not help: a lock, a read-only subscription. */
const lasting409: ReadonlySet<string> = new Set(['ScopeLocked', 'ReadOnlyDisabledSubscription']);

/** ARM codes that come with 404 or 400 when the API is unknown, and the resource is not gone. */
const unknownApi: ReadonlySet<string> = new Set([...versionCodes, 'InvalidResourceNamespace']);

function codeOf(reply: FailedReply, error: ArmErrorText, url: string): ArmErrorCode {
  const { httpStatus } = reply;
  const { code: armCode, message } = error;
  if (httpStatus >= 300 && httpStatus < 400) return 'ARM_UNTRUSTED_URL';
  if (httpStatus === 429 || armCode?.startsWith('Retryable')) return 'ARM_THROTTLED';
  if (httpStatus >= 500 || httpStatus === 408) return 'ARM_UNAVAILABLE';
  if (armCode !== undefined && unknownApi.has(armCode)) return 'ARM_REFUSED';
  // Whatever the status: waiting does not help, nothing is gone, and no role is missing.
  if (unregisteredIn(error, url) !== undefined) return 'ARM_REFUSED';
  switch (httpStatus) {
    case 401:
      return isAboutTenant(armCode, message) ? 'ARM_FOREIGN_TENANT' : 'ARM_UNAUTHENTICATED';
    case 403:
      if (isPage(reply.body)) return 'ARM_UNREADABLE';
      return armCode === policyDenial ? 'ARM_REFUSED' : 'ARM_FORBIDDEN';
    case 404:
      // ARM answers in JSON or with an empty body. A page of HTML comes from a proxy, which cannot know what is gone.
      return reply.body.trim() === '' || tryParseBody(reply.body) !== undefined
        ? 'ARM_NOT_FOUND'
        : 'ARM_UNREADABLE';
    case 409:
      return armCode !== undefined && lasting409.has(armCode) ? 'ARM_REFUSED' : 'ARM_CONFLICT';
    case 412:
    case 423:
      return 'ARM_CONFLICT';
    case 400:
      return saysGone(message) ? 'ARM_NOT_FOUND' : 'ARM_REFUSED';
    default:
      return 'ARM_REFUSED';
  }
}

/**
 * Tells whether a 401 is about the resource's tenant. Below a subscription of another tenant ARM answers 401,
 * not 403; the token stays good for all other resources.
 */
function isAboutTenant(armCode: string | undefined, message: string): boolean {
  return armCode === 'InvalidAuthenticationTokenTenant' || /\bwrong issuer\b/i.test(message);
}

/**
 * Tells whether the message of a 400 says that the connection is gone, as some providers do. Names cannot
 * forge this: they have no spaces.
 */
function saysGone(message: string): boolean {
  return (
    /private ?endpoint ?connection/i.test(message) &&
    /\b(?:does not contain|not found|does not exist|(?:could not|can't|cannot) (?:be found|find))\b/i.test(
      message,
    )
  );
}

/**
 * Converts a failure without a reply into an error with a code; errors that have one, e.g. the fence's, are
 * returned unchanged.
 */
export function errorFromFailure(failure: unknown): PosternError {
  if (failure instanceof PosternError) return failure;
  const networkCode = fieldsOf(failure)['code'];
  const name = typeof networkCode === 'string' ? networkCode : '';
  const reason = safeText(
    failure instanceof Error ? `${failure.name}: ${failure.message}` : String(failure),
    300,
  );
  // The HTTP parser's own codes: headers that are too long, a reply that is not HTTP.
  if (name.startsWith('HPE_') || name === 'PARSE_ERROR') {
    return new ArmError('ARM_UNREADABLE', `The reply is not readable HTTP: ${name} ${reason}`);
  }
  return new ArmError('ARM_UNREACHABLE', `No reply: ${name} ${reason}`.replace('  ', ' '));
}
