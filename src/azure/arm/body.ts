import { ArmError } from '../../base/errors';
import { tryParseJson } from '../../base/json';
import { pageText } from './refusal/html-page';

/** The maximum length of a body, in bytes; no reply that Postern reads comes near it. */
export const maxBodyBytes = 8 * 1024 * 1024;

/** The parts of a pipeline response that carry a body; a scripted client gives text, the real one a stream. */
export interface BodySource {
  readonly bodyAsText?: string | null | undefined;
  readonly readableStreamBody?: NodeJS.ReadableStream | undefined;
}

/** Reads the whole body as text. @throws ArmError ARM_UNREADABLE when it is longer than 8 MiB. */
export async function readBody(response: BodySource): Promise<string> {
  if (response.readableStreamBody === undefined) {
    const text = response.bodyAsText ?? '';
    if (Buffer.byteLength(text) > maxBodyBytes) throw tooLong();
    return text;
  }
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop early destroys the stream, and its connection with it.
  for await (const chunk of response.readableStreamBody) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > maxBodyBytes) throw tooLong();
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Parses a body as JSON, with or without a byte order mark. @throws ArmError ARM_UNREADABLE when it is not JSON. */
export function parseJson(text: string): unknown {
  const value = tryParseBody(text);
  if (value !== undefined) return value;
  const page = pageText(text);
  const what = page === undefined ? '' : `${page}, `;
  throw new ArmError('ARM_UNREADABLE', `The reply is not JSON (${what}${text.length} characters)`);
}

/** Parses a body as JSON, with or without a byte order mark; returns `undefined` when it is not JSON. */
export function tryParseBody(text: string): unknown {
  return tryParseJson(text.replace(/^\uFEFF/, ''));
}

function tooLong(): ArmError {
  return new ArmError('ARM_UNREADABLE', `The reply is longer than ${maxBodyBytes} bytes`);
}
