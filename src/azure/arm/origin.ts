import { ArmError, PosternError } from '../../base/errors';

/** ARM demands that clients take at least 4 KB; recorded ones reach 3.1 KB. */
export const maxUrlLength = 8 * 1024;

/** Printable ASCII without spaces: `new URL` would silently drop tabs and line breaks. */
const plainPattern = /^[\x21-\x7e]+$/;

/** The origin of ARM_ENDPOINT. @throws PosternError CONFIG_INVALID unless it is an https URL. */
export function armOriginFrom(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    throw new PosternError('CONFIG_INVALID', 'ARM_ENDPOINT is not an https URL: bearer tokens need TLS');
  }
  return url.origin;
}

/** Whether our token may go there: an absolute https URL on ARM's own origin, of a length that ARM would send. */
export function isTrusted(origin: string, text: string): boolean {
  if (text.length > maxUrlLength || !plainPattern.test(text) || !/^https:\/\//i.test(text)) return false;
  if (text.includes('\\') || !URL.canParse(text)) return false;
  const url = new URL(text);
  return url.origin === origin && url.username === '' && url.password === '';
}

/** @throws ArmError ARM_UNTRUSTED_URL; nothing was sent then. */
export function assertTrusted(origin: string, text: string): void {
  if (isTrusted(origin, text)) return;
  throw new ArmError('ARM_UNTRUSTED_URL', `A URL that is not on ${origin} was not called: ${whereOf(text)}`);
}

/** The part of a URL that tells where it goes, without path, query and credentials. */
function whereOf(text: string): string {
  if (!URL.canParse(text)) return `not a URL, ${text.length} characters`;
  return new URL(text).origin.slice(0, 200);
}
