import fc from 'fast-check';
import { idKey, parseResourceId } from '../../../src/connections/resource-id';

const group = '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups';
const connectionIn = (resourceGroup: string, name: string): string =>
  `${group}/${resourceGroup}/providers/Microsoft.KeyVault/vaults/kv1/privateEndpointConnections/${name}`;

/** The letters that full lower-casing makes equal to others, or longer, among others. */
const letter = fc.oneof(
  fc.constantFrom(...Array.from('aAkKiIsS\u212aöÖ\u0130\u0131\u017f\u212bÅåßẞ\u2126Ωως\u03a3ǅ')),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
);
const word = fc.array(letter, { minLength: 1, maxLength: 6 }).map((letters) => letters.join(''));
const asciiLower = (text: string): string => text.replace(/[A-Z]/g, (one) => one.toLowerCase());
const swapCase = (text: string): string =>
  text.replace(/[a-z]|[A-Z]/g, (one) => (one >= 'a' ? one.toUpperCase() : one.toLowerCase()));

function keyOf(id: string): string | undefined {
  try {
    return parseResourceId(id).key;
  } catch {
    return undefined;
  }
}

describe('the key of an id', () => {
  test('is the same for names that differ in the case of A to Z, and for no others', () => {
    fc.assert(
      fc.property(word, word, (one, other) => {
        const [first, second] = [keyOf(connectionIn('rg', one)), keyOf(connectionIn('rg', other))];
        if (first === undefined || second === undefined) return;
        expect(first === second).toBe(asciiLower(one) === asciiLower(other));
        expect(keyOf(connectionIn('RG', swapCase(one)))).toBe(first);
        expect(first.length).toBe(connectionIn('rg', one).length);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['the Kelvin sign', 'pe-\u212a', 'pe-k'],
    ['an I with a dot', 'pe-\u0130', 'pe-i\u0307'],
    ['the Ångström sign', 'pe-\u212b', 'pe-\u00e5'],
  ])('tells %s from what it looks like', (_, one, other) => {
    expect(keyOf(connectionIn('rg', one))).not.toBe(keyOf(connectionIn('rg', other)));
  });

  test('takes letter for letter in a resource group, because ARM has one group for both spellings', () => {
    expect(keyOf(connectionIn('rg-BÜRO', 'c'))).toBe(keyOf(connectionIn('RG-büro', 'c')));
    expect(keyOf(connectionIn('rg-BÜRO', 'Ü'))).not.toBe(keyOf(connectionIn('rg-büro', 'ü')));
  });

  test('never makes three spellings of one letter in a resource group equal, nor a foreign letter an ASCII one', () => {
    const groups = new Map<string, Set<string>>();
    const ofOtherLength: string[] = [];
    for (let code = 0x80; code <= 0x1ffff; code += 1) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const one = String.fromCodePoint(code);
      const key = idKey(connectionIn(one, 'c'));
      if (key.length !== connectionIn(one, 'c').length) ofOtherLength.push(one);
      groups.set(key, (groups.get(key) ?? new Set()).add(one));
    }
    expect(ofOtherLength).toEqual([]);
    expect([...groups.values()].filter(({ size }) => size > 2)).toEqual([]);
    for (const ascii of 'abcdefghijklmnopqrstuvwxyz')
      expect(groups.has(idKey(connectionIn(ascii, 'c')))).toBe(false);
  });

  test('of a key is the key, and of a text that is no id is the text in lower case', () => {
    fc.assert(
      fc.property(word, word, (one, other) => {
        const key = idKey(connectionIn(one, other));
        expect(idKey(key)).toBe(key);
      }),
    );
    expect(idKey('Some.Alias-K\u212a')).toBe('some.alias-k\u212a');
    expect(idKey('')).toBe('');
  });
});
