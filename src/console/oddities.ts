import type { Oddity } from './api';

/** Matches what `sanitize` makes of a character that cannot be seen. */
const spelledOut = /\\u\{[0-9a-f]{1,6}\}/;
const beyondAscii = /[^\p{ASCII}]/u;
const ofPostern = /[[［]\s*postern/iu;

/**
 * Names what is unusual about a connection: letters in names or ids that may look like others, invisible
 * characters, and a message that imitates a note of Postern.
 */
export function odditiesOf(texts: {
  /** Names and ids. */
  readonly names: readonly (string | undefined)[];
  /** The requester's message, sanitized. */
  readonly message?: string | undefined;
}): readonly Oddity[] {
  const names = texts.names.map((name) => name ?? '');
  const { message = '' } = texts;
  const found: Oddity[] = [];
  if (names.some((name) => beyondAscii.test(name))) found.push('letters');
  if ([...names, message].some((text) => spelledOut.test(text))) found.push('invisible');
  if (ofPostern.test(message.normalize('NFKC').replace(/\\u\{[0-9a-f]{1,6}\}/g, ''))) found.push('imitation');
  return found;
}
