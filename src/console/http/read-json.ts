import { firstProblem } from '../../base/errors';
import { tryParseJson } from '../../base/json';
import type * as z from '../../base/schema/schema';
import { ConsoleError, type ConsoleRequest } from './message';

const maxBodyBytes = 16 * 1024;

/**
 * Checks that a request which changes something comes from the page itself, before anything is read. The
 * token alone would do: a browser adds it to no request of another page.
 * @throws ConsoleError FORBIDDEN, NOT_JSON, TOO_LARGE
 */
export function checkOrigin(request: ConsoleRequest): void {
  const site = request.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin')
    throw new ConsoleError('FORBIDDEN', 'This request comes from another page.');
  const type = request.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new ConsoleError('NOT_JSON', 'The body must be application/json.');
  const length = Number(request.header('content-length') ?? '0');
  if (!(length <= maxBodyBytes)) throw tooLarge();
}

/**
 * Reads the JSON body.
 * @throws ConsoleError TOO_LARGE, BAD_REQUEST that names the field
 */
export async function readJson<T extends z.ZodMiniType>(
  request: ConsoleRequest,
  schema: T,
): Promise<z.output<T>> {
  const bytes = await request.body();
  if (bytes.length > maxBodyBytes) throw tooLarge();
  const parsed = schema.safeParse(tryParseJson(textOf(bytes)));
  if (parsed.success) return parsed.data;
  throw new ConsoleError('BAD_REQUEST', `The body is not valid: ${firstProblem(parsed.error)}.`);
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return '';
  }
}

function tooLarge(): ConsoleError {
  return new ConsoleError('TOO_LARGE', `The body must have at most ${maxBodyBytes} bytes.`);
}
