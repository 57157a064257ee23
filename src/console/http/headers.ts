import type { ConsoleReply } from './message';

/** The browser features that the page never uses: all of them are turned off. */
const features = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb'];

/**
 * Adds the headers that every answer carries. The page may load only its own script and style, call only
 * this app and the sign-in service, and cannot be framed. An answer that states no `cache-control` is not
 * stored anywhere.
 * @param authority origin of the sign-in service; absent if the settings could not be read.
 */
export function withSafeHeaders(reply: ConsoleReply, authority: string | undefined): ConsoleReply {
  return { ...reply, headers: { 'cache-control': 'no-store', ...reply.headers, ...safeHeaders(authority) } };
}

function safeHeaders(authority: string | undefined): Readonly<Record<string, string>> {
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      `connect-src 'self'${authority === undefined ? '' : ` ${authority}`}`,
      "form-action 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ].join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'permissions-policy': features.map((feature) => `${feature}=()`).join(', '),
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
  };
}
