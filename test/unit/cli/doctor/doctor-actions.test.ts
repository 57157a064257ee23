import fc from 'fast-check';
import { matchesAction, missingActions } from '../../../../src/cli/doctor/checks/effective-actions';

const write = 'Microsoft.KeyVault/vaults/privateEndpointConnections/write';
const read = 'Microsoft.KeyVault/vaults/read';

describe('missing actions', () => {
  test.each([
    ['no role', [], [read, write]],
    ['the owner', [{ actions: ['*'], notActions: [] }], []],
    ['a reader', [{ actions: ['*/read'], notActions: [] }], [write]],
    [
      'the names in another casing',
      [{ actions: [read.toUpperCase(), write.toLowerCase()], notActions: [] }],
      [],
    ],
    ['a role that takes one away again', [{ actions: ['*'], notActions: [write] }], [write]],
    ['a wildcard in the middle', [{ actions: ['Microsoft.KeyVault/*/write', read], notActions: [] }], []],
    [
      'what one role takes away and another gives',
      [
        { actions: ['*'], notActions: ['Microsoft.KeyVault/*'] },
        { actions: [read, write], notActions: [] },
      ],
      [],
    ],
    [
      'a name that only begins alike',
      [{ actions: ['Microsoft.KeyVault/vaults'], notActions: [] }],
      [read, write],
    ],
  ])('%s', (_title, permissions, missing) => {
    expect(missingActions([read, write], permissions)).toEqual(missing);
  });
});

/** Few letters, so that patterns and actions meet. */
const action = fc.string({ unit: fc.constantFrom('a', 'B', '/', '.'), maxLength: 8 });
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '/', '.', '*'), maxLength: 8 });

describe('a pattern', () => {
  test('matches as the regular expression does that says the same', () => {
    fc.assert(
      fc.property(pattern, action, (text, name) => {
        const escaped = text.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
        expect(matchesAction(text, name)).toBe(new RegExp(`^${escaped}$`, 'i').test(name));
      }),
    );
  });

  test('made by blanking parts of an action out matches it', () => {
    fc.assert(
      fc.property(action, fc.nat(8), fc.nat(8), (name, one, other) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        expect(matchesAction(`${name.slice(0, from)}*${name.slice(to)}`, name)).toBe(true);
      }),
    );
  });

  test.each([
    ['ab*b', 'ab', false],
    ['ab*ba', 'aba', false],
    ['a*b*b', 'ab', false],
    ['a**b', 'ab', true],
    ['*', '', true],
    ['', '', true],
  ])('%j on %j is %p: no letter counts twice', (text, name, matches) => {
    expect(matchesAction(text, name)).toBe(matches);
  });

  test('of many stars ends soon', () => {
    expect(matchesAction(`${'*a'.repeat(400)}*b`, 'a'.repeat(1_000))).toBe(false);
  });
});

test('a second role never takes an action away that a first one grants', () => {
  const permission = fc.record({
    actions: fc.array(pattern, { maxLength: 3 }),
    notActions: fc.array(pattern, { maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(permission, { maxLength: 3 }), permission, action, (held, another, name) => {
      if (missingActions([name], held).length > 0) return;
      expect(missingActions([name], [...held, another])).toEqual([]);
    }),
  );
});
