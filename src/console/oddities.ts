import { lower } from '../base/compare';
import type { Oddity } from './api';

/** Matches what `sanitize` makes of a character that cannot be seen. */
const spelledOut = /\\u\{[0-9a-f]{1,6}\}/;
const beyondAscii = /[^\p{ASCII}]/u;
const ofPostern = /[[［]\s*postern/iu;

/**
 * Names what is unusual about a connection: letters in names or ids that may look like others, invisible
 * characters, and a request that imitates a note of Postern.
 */
export function odditiesOf(texts: {
  /** Names and ids. */
  readonly names: readonly (string | undefined)[];
  /** The connection's message, sanitized. */
  readonly message?: string | undefined;
  /** The connection's status: once it is not Pending any more, the message has Postern's own note. */
  readonly status?: string | undefined;
}): readonly Oddity[] {
  const names = texts.names.map((name) => name ?? '');
  const { message = '', status = 'Pending' } = texts;
  const isRequest = lower(status) === 'pending';
  const found: Oddity[] = [];
  if (names.some((name) => beyondAscii.test(name))) found.push('letters');
  if ([...names, message].some((text) => spelledOut.test(text))) found.push('invisible');
  const visible = message.normalize('NFKC').replace(/\\u\{[0-9a-f]{1,6}\}/g, '');
  if (isRequest && ofPostern.test(visible)) found.push('imitation');
  return found;
}
