import fc from 'fast-check';
import { foldText, raiseText } from '../../../../src/connections/fold-text';
import { idKey, parseResourceId } from '../../../../src/connections/resource-id';
import type { Facts } from '../../../../src/policy/facts/facts';
import { facts, outcomeOf, subscriptionA, subscriptionB } from '../../../support/samples/policy';

const letter = fc.oneof(
  fc.constantFrom(...Array.from('aZkK-_.()0öÖüÜéÉ\u212aıİſςσΣßẞåÅ\u212bωΩ\u2126ǆǅǄ')),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
);
const word = fc.array(letter, { minLength: 1, maxLength: 8 }).map((letters) => letters.join(''));
/** One text in two spellings that ARM may take for one. */
const spellings = word.chain((text) =>
  fc
    .array(fc.constantFrom('as it is', 'lower', 'upper'), { minLength: text.length, maxLength: text.length })
    .map((ways): [string, string] => [
      text,
      Array.from(text)
        .map((one, at) =>
          ways[at] === 'lower' ? one.toLowerCase() : ways[at] === 'upper' ? one.toUpperCase() : one,
        )
        .join(''),
    ]),
);

const vaultIn = (group: string): string =>
  `/subscriptions/${subscriptionB}/resourceGroups/${group}/providers/Microsoft.KeyVault/vaults/kv-one`;
const endpointIn = (group: string): string =>
  `/subscriptions/${subscriptionA}/resourceGroups/${group}/providers/Microsoft.Network/privateEndpoints/pe`;

function isGroup(text: string): boolean {
  try {
    parseResourceId(vaultIn(text));
    return true;
  } catch {
    return false;
  }
}

function targetIn(group: string): Facts {
  return { ...facts, target: { ...facts.target, id: vaultIn(group), resourceGroup: group } };
}

function endpointOf(group: string): Facts {
  const endpoint = facts.endpoint && { ...facts.endpoint, id: endpointIn(group), resourceGroup: group };
  return { ...facts, endpoint };
}

const quoted = (text: string): string => JSON.stringify(text);

describe('what is one id to Postern is one text to its conditions', () => {
  test('whatever the spelling of a resource group, in a fact, a list or a literal, a rule sees the same', () => {
    fc.assert(
      fc.property(spellings, ([written, seen]) => {
        fc.pre(isGroup(written) && isGroup(seen) && idKey(vaultIn(written)) === idKey(vaultIn(seen)));
        const lists = { groups: [written], ids: [vaultIn(written)] };
        for (const when of [
          `target.resourceGroup == ${quoted(written)}`,
          `target.resourceGroup in lists.groups`,
          `target.resourceGroup in [${quoted(written)}]`,
          `sameId(target.resourceGroup, ${quoted(written)})`,
          `target.id == ${quoted(vaultIn(written))}`,
          `target.id in lists.ids`,
          `target.id.contains(${quoted(`/resourceGroups/${written}/`)})`,
          `target.id.split("/")[4] == ${quoted(written)}`,
          `glob(target.resourceGroup, ${quoted(written)})`,
          `lists.groups.exists(x, x.lowerAscii() == target.resourceGroup || sameId(x, "none"))`,
          `target.resourceGroup.upperAscii() == ${quoted(written)}.upperAscii()`,
          `target.resourceGroup.lowerAscii() == ${quoted(written)}`,
        ])
          expect({ when, seen, answer: outcomeOf(when, targetIn(seen), lists) }).toEqual({
            when,
            seen,
            answer: true,
          });
      }),
      { numRuns: 100 },
    );
  });

  test('no condition distinguishes two spellings of an endpoint', () => {
    fc.assert(
      fc.property(spellings, word, ([one, other], text) => {
        fc.pre(isGroup(one) && isGroup(other) && idKey(endpointIn(one)) === idKey(endpointIn(other)));
        for (const when of [
          `endpoint.resourceGroup == ${quoted(text)}`,
          `endpoint.id.contains(${quoted(text)})`,
          `endpoint.resourceGroup.startsWith(${quoted(text)})`,
          `endpoint.resourceGroup < ${quoted(text)}`,
          `glob(endpoint.id, ${quoted(`**${text.replace(/[*?]/g, '')}**`)})`,
        ])
          expect(outcomeOf(when, endpointOf(one))).toBe(outcomeOf(when, endpointOf(other)));
      }),
      { numRuns: 100 },
    );
  });

  test('texts with one key are folded to one text, and a folded text stays as it is', () => {
    fc.assert(
      fc.property(spellings, ([one, other]) => {
        if (idKey(vaultIn(one)) === idKey(vaultIn(other))) expect(foldText(one)).toBe(foldText(other));
        expect(foldText(foldText(one))).toBe(foldText(one));
        expect(foldText(raiseText(foldText(one)))).toBe(foldText(one));
        expect(foldText(one)).toHaveLength(one.length);
      }),
      { numRuns: 2_000 },
    );
  });

  test('no letter beyond ASCII becomes one of A to Z, nor equal to a third', () => {
    const folded = new Map<string, number>();
    for (let code = 0x80; code <= 0x1ffff; code += 1) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const key = foldText(String.fromCodePoint(code));
      if ((key.codePointAt(0) ?? 0) <= 0x7f) throw new Error(`${code} became ${key}`);
      folded.set(key, (folded.get(key) ?? 0) + 1);
    }
    expect([...folded.values()].filter((count) => count > 2)).toEqual([]);
  });
});
