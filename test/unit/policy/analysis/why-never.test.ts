import { looksLikeAnother, whyNever } from '../../../../src/policy/analysis/why-never';
import { findOddCharacter, isLookAlike } from '../../../../src/policy/analysis/odd-characters';

const zone = '11111111-1111-4111-8111-111111111111';
const network = '/subscriptions/…/resourceGroups/…/providers/Microsoft.Network';

test.each<[string, string, Parameters<typeof whyNever>[2], string]>([
  ['a\u200b', 'endpoint.name', '==', 'it has a zero-width space (U+200B): remove it'],
  ['a ', 'endpoint.name', '==', 'it has a space at its end: remove it'],
  [' a', 'endpoint.name', 'contains', 'it has a space at its beginning: remove it'],
  ['a,b', 'endpoint.name', '==', 'it joins several texts: write each separately'],
  ['a;b', 'endpoint.name', '==', 'it joins several texts: write each separately'],
  ['a|b', 'endpoint.name', '==', 'it joins several texts: write each separately'],
  ['a,b', 'endpoint.name', 'contains', 'no `endpoint.name` looks like that: correct it'],
  ['a,b', 'target.kind', '==', 'Azure creates no `target.kind` like that: correct it'],
  ['{a,b}', 'endpoint.name', '==', 'it includes brackets or quotes: remove them'],
  ['<a>', 'endpoint.name', '==', 'it includes brackets or quotes: remove them'],
  ['"a"', 'endpoint.name', 'glob', 'it includes brackets or quotes: remove them'],
  ["'a'", 'endpoint.name', '==', 'it includes brackets or quotes: remove them'],
  ['[a]', 'endpoint.name', '==', 'it includes brackets or quotes: remove them'],
  ['(a', 'endpoint.name', '==', 'Azure creates no `endpoint.name` like that: correct it'],
  ['a)', 'endpoint.name', '==', 'Azure creates no `endpoint.name` like that: correct it'],
  [
    `/Subscriptions/${zone}`,
    'target.subscriptionId',
    '==',
    'it is a scope, and the id of a subscription is a GUID: write the GUID alone',
  ],
  [
    `subscriptions/${zone}`,
    'endpoint.subscriptionId',
    'contains',
    'it is a scope, and the id of a subscription is a GUID: write the GUID alone',
  ],
  [
    `x/subscriptions/${zone}`,
    'endpoint.subscriptionId',
    '==',
    'the id of a subscription is a GUID such as 11111111-1111-1111-1111-111111111111: write that, not a name',
  ],
  ['/a/', 'endpoint.id', '==', 'it ends with `/`: remove that'],
  ['/', 'endpoint.name', '==', 'Azure creates no `endpoint.name` like that: correct it'],
  ['a/', 'endpoint.name', 'contains', 'no `endpoint.name` looks like that: correct it'],
  [
    'a*',
    'endpoint.name',
    '==',
    'only `glob()` interprets `*` and `?`: write the whole text, or use `glob()`',
  ],
  [
    'a?',
    'endpoint.name',
    '==',
    'only `glob()` interprets `*` and `?`: write the whole text, or use `glob()`',
  ],
  ['a*', 'endpoint.name', 'glob', 'no `endpoint.name` looks like that: correct it'],
  ['1'.repeat(32), 'endpoint.subscriptionId', '==', 'its dashes are missing: write the GUID as Azure does'],
  [
    'web',
    'target.subscriptionId',
    '==',
    'the id of a subscription is a GUID such as 11111111-1111-1111-1111-111111111111: write that, not a name',
  ],
  [
    'x'.repeat(32),
    'endpoint.subscriptionId',
    '==',
    'the id of a subscription is a GUID such as 11111111-1111-1111-1111-111111111111: write that, not a name',
  ],
  [
    zone,
    'endpoint.id',
    '==',
    "it is a GUID, and an endpoint's id is a whole id: compare the subscription's id instead",
  ],
  ['x', 'endpoint.id', '==', `an endpoint's id is \`${network}/privateEndpoints/…\`: write the whole id`],
  [
    'x',
    'endpoint.virtualNetworkId',
    '==',
    `a network's id is \`${network}/virtualNetworks/…\`: write the whole id`,
  ],
  [
    'x',
    'endpoint.subnetId',
    '==',
    `a subnet's id is \`${network}/virtualNetworks/…/subnets/…\`: write the whole id`,
  ],
  [
    'x',
    'target.id',
    '==',
    "a target's id is `/subscriptions/…/resourceGroups/…/providers/Microsoft.KeyVault/vaults/…`: write the whole id",
  ],
  [
    'x',
    'connection.id',
    '==',
    "a connection's id is `/subscriptions/…/resourceGroups/…/providers/…/privateEndpointConnections/…`: write the whole id",
  ],
  [
    'x',
    'target.type',
    '==',
    'Postern does not handle targets of this type: write a type such as `Microsoft.KeyVault/vaults`',
  ],
  [
    'a/b',
    'target.resourceGroup',
    '==',
    'a resource group is only its name, with letters, digits and `-_.()`',
  ],
  [
    'a/b',
    'endpoint.resourceGroup',
    '==',
    'a resource group is only its name, with letters, digits and `-_.()`',
  ],
])('%j can never match %s by %s: %s', (text, fact, by, why) => {
  expect(whyNever(text, fact, by)).toBe(why);
});

test.each([
  [false, 'prod'],
  [true, 'pr\u043ed'],
  [false, '\u043f\u0440\u043e\u0434'],
  [true, 'my \u043e\u0435'],
  [false, '\u043e\u0435'],
  [false, 'my \u043f\u0440\u043e\u0434'],
  [true, 'a-\u0410\u0412'],
  [true, '\uff50rod'],
  [false, ''],
  [false, 'caf\u00e9'],
  [false, '1 \u0410\u0412'],
])('it is %s that %j looks like another text', (expected, text) => {
  expect(looksLikeAnother(text)).toBe(expected);
});

test.each([
  ['\u00a0', 'a no-break space (U+00A0): write a plain space'],
  ['\u202f', 'a narrow no-break space (U+202F): write a plain space'],
  ['\u2007', 'a figure space (U+2007): write a plain space'],
  ['\u2009', 'a thin space (U+2009): write a plain space'],
  ['\u3000', 'an ideographic space (U+3000): write a plain space'],
  ['\u2003', 'a space that is not a plain one (U+2003): write a plain space'],
  ['\u200b', 'a zero-width space (U+200B): remove it'],
  ['\u200c', 'a zero-width non-joiner (U+200C): remove it'],
  ['\u200d', 'a zero-width joiner (U+200D): remove it'],
  ['\u2060', 'a word joiner (U+2060): remove it'],
  ['\ufeff', 'a byte order mark (U+FEFF): remove it'],
  ['\u00ad', 'a soft hyphen (U+00AD): remove it'],
  ['\u2028', 'an unusual line break (U+2028): write a plain line break'],
  ['\u2029', 'an unusual line break (U+2029): write a plain line break'],
  ['\u0085', 'an unusual line break (U+0085): write a plain line break'],
  ['\u201c', 'a curly quote (U+201C): write `"`'],
  ['\u2033', 'a curly quote (U+2033): write `"`'],
  ['\u00ab', 'an angle quote (U+00AB): write `"`'],
  ['\u2019', "a curly quote (U+2019): write `'`"],
  ['\u00b4', "a curly quote (U+00B4): write `'`"],
  ['\u2010', 'a hyphen that is not a plain one (U+2010): write `-`'],
  ['\u2011', 'a non-breaking hyphen (U+2011): write `-`'],
  ['\u2013', 'an en dash (U+2013): write `-`'],
  ['\u2014', 'an em dash (U+2014): write `-`'],
  ['\u2212', 'a minus sign (U+2212): write `-`'],
  ['\u2260', 'a not-equal sign (U+2260): write `!=`'],
  ['\u2264', 'an at-most sign (U+2264): write `<=`'],
  ['\u2265', 'an at-least sign (U+2265): write `>=`'],
  ['\u2227', 'a logical-and sign (U+2227): write `&&`'],
  ['\u2228', 'a logical-or sign (U+2228): write `||`'],
  ['\u00ac', 'a logical-not sign (U+00AC): write `!`'],
  ['\u2026', 'an ellipsis (U+2026): write three dots'],
  ['\u000b', 'a control character (U+000B): remove it'],
  ['\u000c', 'a control character (U+000C): remove it'],
  ['\u009f', 'an invisible character (U+009F): remove it'],
  ['\u202e', 'an invisible character (U+202E): remove it'],
  ['\ufe0f', 'an invisible character (U+FE0F): remove it'],
  ['\uff01', 'a full-width `!` (U+FF01): write the plain `!`'],
  ['\uff5e', 'a full-width `~` (U+FF5E): write the plain `~`'],
  ['\u043e', 'a letter that only looks like `o` (U+043E): write `o`'],
  ['\u0391', 'a letter that only looks like `A` (U+0391): write `A`'],
])('%j is %s', (character, message) => {
  expect(findOddCharacter(`ab${character}c\u2026`)).toEqual({ index: 2, length: 1, message });
});

test('the place of an odd character is counted in UTF-16 units', () => {
  expect(findOddCharacter('😀x\u2026')).toMatchObject({ index: 3 });
  expect(findOddCharacter('\u{e0001}')).toMatchObject({ index: 0, length: 2 });
});

test.each(['', 'plain text\t\n', '😀 \u6f22 \u00e9 \u0431', '\uff00\uff5f'])(
  '%j has no odd character',
  (text) => {
    expect(findOddCharacter(text)).toBeUndefined();
  },
);

test('letters and digits of other alphabets look alike, signs do not', () => {
  expect(Array.from('\u043e\uff21\uff3a\uff41\uff5a\uff10\uff19').every(isLookAlike)).toBe(true);
  expect(Array.from('o\u0431\uff01\uff3b\uff5b\uff1a\uff20').some(isLookAlike)).toBe(false);
});
