import { ArmError, PosternError } from '../../base/errors';

/** The maximum length of a URL: ARM requires clients to accept at least 4 KB; recorded ones reach 3.1 KB. */
export const maxUrlLength = 8 * 1024;

/** The pattern of printable ASCII without spaces: `new URL` would silently drop tabs and line breaks. */
const plainPattern = /^[\x21-\x7e]+$/;

/** Returns the origin of ARM_ENDPOINT. @throws PosternError CONFIG_INVALID unless it is an https URL. */
export function armOriginFrom(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    throw new PosternError('CONFIG_INVALID', 'ARM_ENDPOINT is not an https URL: bearer tokens need TLS');
  }
  return url.origin;
}

/** Tells whether the token may go to a URL: an absolute https URL on ARM's own origin, of at most 8 KiB. */
export function isTrusted(origin: string, text: string): boolean {
  if (text.length > maxUrlLength || !plainPattern.test(text) || !/^https:\/\//i.test(text)) return false;
  if (text.includes('\\') || !URL.canParse(text)) return false;
  const url = new URL(text);
  return url.origin === origin && url.username === '' && url.password === '';
}

/** Checks that the token may go to a URL. @throws ArmError ARM_UNTRUSTED_URL before anything is sent. */
export function assertTrusted(origin: string, text: string): void {
  if (isTrusted(origin, text)) return;
  throw new ArmError('ARM_UNTRUSTED_URL', `A URL that is not on ${origin} was not called: ${whereOf(text)}`);
}

/** Returns a URL's origin, without path, query and credentials, for a message. */
function whereOf(text: string): string {
  if (!URL.canParse(text)) return `not a URL, ${text.length} characters`;
  return new URL(text).origin.slice(0, 200);
}
