import fc from 'fast-check';
import { ownStoreTypes } from '../../../src/connections/target-type';
import { hostileText } from './hostile-text';
import { mutatedText } from './mutated-text';

const subscription = '11111111-2222-3333-4444-555555555555';
const group = `/subscriptions/${subscription}/resourceGroups/Shared-RG`;

const targets = ownStoreTypes.map((type) => `${group}/providers/${type}/name-1`);
const endpoint = `/subscriptions/${subscription}/resourceGroups/app/providers/Microsoft.Network/privateEndpoints/pe-1`;

/** Ids that Postern supports. */
export const goodIds: readonly string[] = [
  ...targets,
  ...targets.map((id) => `${id}/privateEndpointConnections/conn-1.0a1b`),
  ...targets.map((id) => `${id}/privateEndpointConnectionProxies/proxy-1`),
  endpoint,
  `${endpoint}/privateDnsZoneGroups/default`,
];

/** Pieces that make an id invalid. */
const piece = fc.oneof(
  fc.constantFrom(
    ...[
      '..',
      '.',
      '/..',
      '/../..',
      '%2f',
      '%2F..%2f',
      '%252f',
      '%5c',
      '\\',
      '//',
      '/',
      '?',
      '#',
      '?api-version=1',
      '&',
    ],
    ...[
      '/providers/Microsoft.KeyVault/vaults/other',
      '/privateEndpointConnections/b',
      '/resourceGroups/evil',
      '/constructor/x',
    ],
    ...[
      'https://evil.test',
      '//evil.test',
      '@evil.test',
      ':443',
      'https:',
      '\t',
      '\n',
      ' ',
      '\0',
      '\u202e',
      '\u200b',
      '\u3164',
    ],
    ...[
      '／',
      '．．',
      '﹨',
      'ﬀ',
      'İ',
      'K',
      '%',
      '%00',
      ';',
      ',',
      "'",
      '(',
      ')',
      '*',
      '!',
      '~',
      '$',
      '+',
      '=',
      '"',
      '<',
    ],
  ),
  hostileText,
);

const segment = fc.oneof(
  { weight: 3, arbitrary: piece },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...[
        'privateEndpointConnections',
        'privateEndpointConnectionProxies',
        'providers',
        'vaults',
        'resourceGroups',
      ],
      ...[
        'constructor',
        'x',
        'subscriptions',
        'Microsoft.KeyVault',
        'Microsoft.Network',
        'privateEndpoints',
        'a b',
      ],
    ),
  },
);

/** Good ids with whole segments inserted, removed or replaced. */
const segmentsChanged = fc
  .tuple(
    fc.constantFrom(...goodIds),
    fc.array(fc.record({ at: fc.nat(14), removed: fc.nat(2), added: fc.array(segment, { maxLength: 2 }) }), {
      minLength: 1,
      maxLength: 2,
    }),
  )
  .map(([id, edits]) => {
    const segments = id.split('/');
    for (const { at, removed, added } of edits)
      segments.splice(at % (segments.length + 1), removed, ...added);
    return segments.join('/');
  });

/** Ids below a good id, including names that every object has. */
const below = fc
  .tuple(
    fc.constantFrom(...goodIds),
    fc.constantFrom('constructor/x', 'toString/x', 'privateEndpointConnections/y', 'x/y', 'x', 'write'),
  )
  .map((parts) => parts.join('/'));

/** Good ids with a few edits. Near misses find more errors than noise. */
export const hostileId: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: mutatedText(fc.constantFrom(...goodIds), piece) },
  { weight: 4, arbitrary: segmentsChanged },
  { weight: 1, arbitrary: below },
);

/** Odd names that a strict parser accepts. */
export const oddName: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(..."aZ0-._~!$'()*+,;=:@ |^`{}[]éßİK日ﬀ👍/%?#\\".split('')), {
    minLength: 1,
    maxLength: 12,
  })
  .map((letters) => letters.join(''));

/** Connections with odd names, on every type of target. */
export const oddConnectionId: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...targets), oddName)
  .map(([target, name]) => `${target}/privateEndpointConnections/${name}`);
