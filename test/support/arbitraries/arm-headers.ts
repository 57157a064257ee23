import fc from 'fast-check';
import { hostilePieces, hostileText } from './hostile-text';
import { mutatedText } from './mutated-text';

/** The origin of the recordings. */
export const recordedOrigin = 'https://management.azure.com';

/** URLs on ARM, next to ARM, and those that only look like ARM. */
export const hostileUrl = fc.oneof(
  fc.constantFrom(
    ...[`${recordedOrigin}/operations/7?api-version=1&t=1&c=abc&s=def&h=ghi`, `${recordedOrigin}:443/x`],
    ...[
      `${recordedOrigin}:8443/x`,
      `${recordedOrigin}.evil.test/x`,
      `${recordedOrigin}@evil.test/x`,
      '//evil.test/x',
    ],
    ...[
      'https://evil.test/steal',
      'http://management.azure.com/x',
      'https:management.azure.com',
      'javascript:alert(1)',
    ],
    ...[
      `https://user:pass@management.azure.com/x`,
      `https:\\\\evil.test\\x`,
      '/relative',
      '?x',
      '',
      'https://[::1]/',
    ],
    ...[
      'https://169.254.169.254/metadata/identity/oauth2/token',
      `${recordedOrigin}/x\t/y`,
      `\t${recordedOrigin}/x`,
    ],
    ...[
      `${recordedOrigin}/a, ${recordedOrigin}/b`,
      `${recordedOrigin}/${'x'.repeat(9_000)}`,
      'https://xn--/',
    ],
  ),
  mutatedText(
    fc.constant(`${recordedOrigin}/subscriptions/0/operations/1?api-version=1`),
    fc.constantFrom(...hostilePieces),
  ),
);
const waits = fc.oneof(
  fc.constantFrom(
    ...[
      '0',
      '10',
      '60',
      '-1',
      '1.5',
      '1e9',
      '999999999999',
      '9999999999999',
      '0x10',
      '',
      ' ',
      'NaN',
      'Infinity',
      '10, 20',
    ],
    ...[
      'Mon, 05 Jan 2026 12:01:00 GMT',
      'Fri, 31 Dec 9999 23:59:59 GMT',
      'Thu, 01 Jan 1970 00:00:00 GMT',
      'soon',
    ],
    ...['00:00:05', '99:99:99', '24:00:00'],
  ),
  hostileText,
);
/** The headers that the clients read, with arbitrary values. */
export const hostileHeaders = fc.dictionary(
  fc.constantFrom(
    ...[
      'location',
      'azure-asyncoperation',
      'retry-after',
      'retry-after-ms',
      'x-ms-retry-after-ms',
      'content-type',
    ],
    ...[
      'x-ms-user-quota-resets-after',
      'x-ms-user-quota-remaining',
      'x-ms-ratelimit-remaining-subscription-reads',
    ],
    ...[
      'x-ms-ratelimit-remaining-subscription-writes',
      'x-ms-request-id',
      'www-authenticate',
      'content-encoding',
      'set-cookie',
    ],
  ),
  fc.oneof(hostileUrl, waits, hostileText),
  { maxKeys: 5 },
);
