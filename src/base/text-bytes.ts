type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/**
 * Bytes that are not readable text. The message continues a sentence that begins with the file's name, and
 * names the offending byte.
 */
export class UnreadableText extends Error {}

/**
 * Decodes a file as editors, az and PowerShell write it on any system: UTF-8, or UTF-16 where a byte order
 * mark or the bytes leave no doubt. The byte order mark is dropped. @throws UnreadableText
 */
export function textFromBytes(bytes: Uint8Array): string {
  return decoderFor(bytes).last(bytes);
}

/** Decodes a file of any length piece by piece, as `textFromBytes` does. @throws UnreadableText */
export async function* textFromChunks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let held: Uint8Array = new Uint8Array();
  let decoder: Decoder | undefined;
  for await (const chunk of chunks) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    if (decoder === undefined && held.length < looksAt) continue;
    decoder ??= decoderFor(held);
    yield decoder.next(held);
    held = new Uint8Array();
  }
  yield (decoder ?? decoderFor(held)).last(held);
}

/** The number of leading bytes that decide about the encoding when there is no byte order mark. */
const looksAt = 1_024;

interface Decoder {
  next(bytes: Uint8Array): string;
  last(bytes: Uint8Array): string;
}

function decoderFor(start: Uint8Array): Decoder {
  const encoding = encodingOf(start);
  const decoder = new TextDecoder(encoding, { fatal: true });
  let line = 1;
  const decode = (bytes: Uint8Array, stream: boolean): string => {
    try {
      const text = decoder.decode(bytes, { stream });
      if (text.includes('\0')) throw new UnreadableText('contains a zero byte: it is not text, or was cut');
      line += text.split('\n').length - 1;
      return text;
    } catch (error) {
      if (error instanceof UnreadableText) throw error;
      throw new UnreadableText(wrongBytes(encoding, bytes, line));
    }
  };
  return { next: (bytes) => decode(bytes, true), last: (bytes) => decode(bytes, false) };
}

function encodingOf(bytes: Uint8Array): Encoding {
  const [first, second, third, fourth] = bytes;
  const isWide =
    (first === 0xff && second === 0xfe && third === 0 && fourth === 0) ||
    startsWith(bytes, [0, 0, 0xfe, 0xff]);
  if (isWide && bytes.length % 4 === 0) throw new UnreadableText('is UTF-32 text: save it as UTF-8');
  if (startsWith(bytes, [0x1f, 0x8b]) || startsWith(bytes, [0x50, 0x4b, 3, 4]))
    throw new UnreadableText('is compressed: unpack it first');
  if (startsWith(bytes, [0xff, 0xfe])) return 'utf-16le';
  if (startsWith(bytes, [0xfe, 0xff])) return 'utf-16be';
  return unmarked(bytes);
}

function startsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}

/**
 * Guesses the encoding without a byte order mark: ASCII in UTF-16 has a zero in every other byte, and UTF-8
 * text has no zeros.
 */
function unmarked(bytes: Uint8Array): Encoding {
  const seen = bytes.subarray(0, looksAt);
  const zeros = [0, 0];
  seen.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  const many = Math.max(1, seen.length / 8);
  if (even === 0 && odd >= many) return 'utf-16le';
  if (odd === 0 && even >= many) return 'utf-16be';
  return 'utf-8';
}

function wrongBytes(encoding: Encoding, bytes: Uint8Array, line: number): string {
  if (encoding !== 'utf-8') return 'begins as UTF-16 text and does not go on as such: save it as UTF-8';
  const { at, lines } = firstWrong(bytes);
  const shown = (bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  return `is not UTF-8 text (byte 0x${shown} in line ${line + lines}): save it as UTF-8`;
}

/** Finds the first bytes that are not UTF-8, and counts the lines that end before them. */
function firstWrong(bytes: Uint8Array): { readonly at: number; readonly lines: number } {
  let [good, bad] = [0, bytes.length];
  while (good < bad) {
    const middle = Math.ceil((good + bad) / 2);
    if (isUtf8(bytes.subarray(0, middle), true)) good = middle;
    else bad = middle - 1;
  }
  // What began a character that does not go on is the first that is wrong.
  while (good > 0 && !isUtf8(bytes.subarray(0, good), false)) good -= 1;
  return { at: good, lines: Buffer.from(bytes.subarray(0, good)).filter((byte) => byte === 0x0a).length };
}

/** Tells whether the bytes are UTF-8; with `mayBeCut`, the last character may be incomplete. */
function isUtf8(bytes: Uint8Array, mayBeCut: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: mayBeCut });
    return true;
  } catch {
    return false;
  }
}
