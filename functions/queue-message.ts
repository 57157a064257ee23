/**
 * Decodes a queue message. The host passes the text exactly as it is in the queue
 * (`messageEncoding` is `none`), because a message that the host cannot decode never reaches a
 * function, not even that of the poison queue. Postern writes base64 of JSON; plain JSON that a
 * person has put into the queue is accepted, too. Text that is neither is returned unchanged, so
 * that the caller can report it.
 */
export function messageFrom(given: unknown): unknown {
  if (typeof given !== 'string') return given;
  try {
    return JSON.parse(utf8.decode(bytesOf(given))) as unknown;
  } catch {
    return given;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Decodes base64. Returns no bytes for text that is not base64, where Node.js would skip the
 * invalid characters.
 */
function bytesOf(text: string): Uint8Array {
  const compact = text.replace(/[ \t\r\n]/g, '');
  const isBase64 = compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact);
  return isBase64 ? Buffer.from(compact, 'base64') : new Uint8Array();
}
