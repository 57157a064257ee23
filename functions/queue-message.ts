/**
 * What a queue message holds. The host hands over its text as it stands in the queue (`messageEncoding` is `none`), because
 * what the host cannot decode never reaches a function, not even that of the poison queue. Ours is base64 of JSON; JSON that
 * somebody has put there by hand does as well, and what is neither is handed on as it is, for whoever tells of it.
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

/** Nothing, where Node.js would skip what is not base64. */
function bytesOf(text: string): Uint8Array {
  const compact = text.replace(/[ \t\r\n]/g, '');
  const isBase64 = compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact);
  return isBase64 ? Buffer.from(compact, 'base64') : new Uint8Array();
}
