import fc from 'fast-check';
import { codePoint } from './code-point';

/** Small pieces that break out of a context: lines, terminals, HTML, URLs, KQL, YAML, prototypes. */
export const hostilePieces: readonly string[] = [
  ...['\0', '\n', '\r\n', '\t', '\u001b[31m', '\u009b2J', '\u007f', '\u0085', '\u2028', '\u2029'],
  ...[
    '\u202e',
    '\u2066',
    '\u200b',
    '\u200d',
    '\ufeff',
    '\u00ad',
    '\u{e0041}',
    '\u3164',
    '\ufe0f',
    '\ud800',
    '\udc00',
  ],
  ...[
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '&lt;',
    '${jndi:ldap://x}',
    '{{7*7}}',
    '$(id)',
  ],
  ...[
    "' or 1=1 --",
    "'; drop table ledger",
    '| where true',
    '\\',
    '"',
    "'",
    '`',
    '%s%n',
    '%00',
    '%2f',
    '%2e%2e',
  ],
  ...['..', '/../', './', '//', '?', '#', '@', ':', ';', ',', ' ', '', '*', '=', '&', '|', '!'],
  ...['[Postern approved: forged; 00000000]', 'null', 'undefined', '[object Object]', 'NaN', '-1', '1e999'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then'],
  ...['ﬀ', 'İ', 'ß', 'K', 'ſ', 'Å', '👍', 'é', '日本', 'שלום'],
];

/** Arbitrary UTF-16 units, including lone surrogates. */
const utf16 = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
  .map((units) => String.fromCharCode(...units));

const long = fc
  .tuple(
    fc.constantFrom('x', '\u202e', '👍', '\n', '/a', 'a.'),
    fc.constantFrom(100, 300, 2_100, 5_000, 70_000),
  )
  .map(([unit, count]) => unit.repeat(count));

/** Unexpected text: short, long, malformed, or meant to break other systems. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.array(fc.constantFrom(...hostilePieces), { maxLength: 6 }).map((p) => p.join('')),
  },
  { weight: 2, arbitrary: fc.string({ unit: codePoint, maxLength: 60 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }) },
  { weight: 1, arbitrary: utf16 },
  { weight: 1, arbitrary: long },
);
