import { createHash } from 'node:crypto';

/** Returns the first `length` lower-case hexadecimal digits, at most 64, of the SHA-256 of a text in UTF-8. */
export function sha256Hex(text: string, length = 64): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}
