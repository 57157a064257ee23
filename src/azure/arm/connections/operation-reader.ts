import { fieldsOf } from '../../../base/json';
import { safeText } from '../../../base/text';
import type { OperationReader, OperationReport } from '../../../connections/connection-store';
import { parseJson } from '../body';
import type { ArmClient, ArmReply } from '../client';
import { isTrusted } from '../origin';
import { registrationFix } from '../refusal/advice';
import { armErrorOf } from '../refusal/error-body';
import { retryAfterSecondsFrom } from '../retry-after';

/**
 * Creates the reader of operation URLs: one GET a call. URLs are used as given; a missing `api-version` is
 * not added.
 */
export function createArmOperationReader(arm: ArmClient): OperationReader {
  return {
    async read(url) {
      return reportFrom(arm, await arm.send({ method: 'GET', url, isGiven: true, urgency: 'poll' }));
    },
  };
}

/**
 * Builds the report. The body may be empty (202, 204), an operation (`status`), or the resource itself
 * (`properties.provisioningState`). A report alone proves nothing: the connection must be read again.
 */
function reportFrom(arm: ArmClient, reply: ArmReply): OperationReport {
  const body = reply.body.trim() === '' ? {} : fieldsOf(parseJson(reply.body));
  const status = textOf(body['status']);
  return {
    httpStatus: reply.httpStatus,
    status: status ?? textOf(fieldsOf(body['properties'])['provisioningState']),
    error: errorOf(body, reply.url),
    retryAfterSeconds: retryAfterSecondsFrom(reply.headers, arm.clock),
    nextUrl: nextUrlOf(arm, reply, status !== undefined),
  };
}

/**
 * Returns the URL for the next poll when it changes. `Azure-AsyncOperation` changes it; `Location` does only
 * while no body has a `status`, because beside one it names the result. URLs off ARM's origin are ignored:
 * the present URL stays.
 */
function nextUrlOf(arm: ArmClient, reply: ArmReply, hasStatus: boolean): string | undefined {
  const url =
    reply.headers.get('azure-asyncoperation') ?? (hasStatus ? undefined : reply.headers.get('location'));
  return url !== undefined && url !== reply.url && isTrusted(arm.origin, url) ? url : undefined;
}

/** Disk operations can fail with nothing but `innererror{exceptiontype, errordetail}`. */
function errorOf(body: Readonly<Record<string, unknown>>, url: string): OperationReport['error'] {
  if (typeof body['error'] !== 'object' || body['error'] === null) return undefined;
  const error = armErrorOf({ error: body['error'] });
  const inner = fieldsOf(fieldsOf(body['error'])['innererror']);
  const exception = textOf(inner['exceptiontype']);
  const detail = textOf(inner['errordetail']);
  const code = error.code ?? (exception === undefined ? 'Unknown' : safeText(exception, 100));
  if (error.message === '' && detail !== undefined) return { code, message: detail };
  // The cause comes first, because the text may be cut.
  const said = [error.cause, error.message].filter((text) => text !== undefined && text !== '').join(' ');
  const fix = registrationFix(error, url);
  return { code, message: safeText(`${fix}${said || 'the provider gave no reason'}`) };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? safeText(value, 200) : undefined;
}
