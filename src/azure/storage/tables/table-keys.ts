import { createHash } from 'node:crypto';

/** Below the 1,024 bytes that a key may have in UTF-16. */
const maxKeyLength = 500;
/** What keys forbid (`/ \ # ?`, control characters), what confuses batches (`% +`), and the signs used for escapes. */
const unsafe = /[\p{C}\p{Zl}\p{Zp}\\#?%+'!|]/gu;
const unsafeInRow = /[\p{C}\p{Zl}\p{Zp}\\#?%+'!/]/gu;

/**
 * A text, usually an ARM id in lower case, as a partition key: `/` becomes `|`, every other unsafe character `!` and its
 * code in hexadecimal. Different texts give different keys; one that is too long keeps its beginning and ends in a hash.
 */
export function partitionKeyFrom(text: string): string {
  return bounded(text, text.replace(unsafe, escaped).replaceAll('/', '|'));
}

/** The same for a row key, but `|` may stay and `/` is escaped. */
export function rowKeyFrom(text: string): string {
  return bounded(text, text.replace(unsafeInRow, escaped));
}

function bounded(text: string, key: string): string {
  if (key === '') return '-';
  if (key === '-') return '!002d';
  return key.length <= maxKeyLength ? key : `${key.slice(0, 400).replace(/\p{Cs}$/u, '')}!h${hash(text, 64)}`;
}

/** The first `length` hexadecimal digits of a text's SHA-256. */
export function hash(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `!${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
