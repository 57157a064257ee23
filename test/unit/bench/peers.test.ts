import { modes, targetName } from '../../../bench/peers/peer';
import { goalsOf, sideTable, typeTable, type Measured } from '../../../bench/peers/report';
import { isMet } from '../../../bench/report/part';
import { tableText } from '../../../bench/report/table';
import { otherTypes, ownStoreTypes, type SeedType } from '../../../bench/system/seed';

const types: readonly SeedType[] = [...ownStoreTypes, ...otherTypes];
const isApim = (type: SeedType): boolean => type === 'Microsoft.ApiManagement/service';

type Figures = readonly [requests: number, seconds: number];

function side(
  peer: Measured['peer'],
  figures: (type: SeedType, mode: Measured['mode']) => Figures,
  of: readonly SeedType[] = types,
): readonly Measured[] {
  return modes.map((mode) => ({
    peer,
    mode,
    run: {
      connections: of.map((type) => {
        const [armRequests, seconds] = figures(type, mode);
        return { type, armRequests, seconds };
      }),
      armRequests: 1,
      tokenRequests: 1,
      secondsInAll: 1,
    },
  }));
}

const azureCli = side('Azure CLI', (type) => (isApim(type) ? [18, 160] : [6, 40]));
const good = [...azureCli, ...side('Postern', (type) => (isApim(type) ? [9, 161] : [6, 41]))];
const missed = (measured: readonly Measured[]): readonly string[] =>
  goalsOf(measured).flatMap((goal) => (isMet(goal) ? [] : [goal.what]));

test('as many requests as the script, for API Management half, and a second more: all goals are met', () => {
  expect(goalsOf(good)).toHaveLength(types.length + modes.length);
  expect(missed(good)).toEqual([]);
});

test.each(types)('one request more for %s in one mode misses its goal', (type) => {
  const postern = side('Postern', (each, mode) => [
    (isApim(each) ? 9 : 6) + (each === type && mode === 'all at once' ? 1 : 0),
    40,
  ]);
  expect(missed([...azureCli, ...postern])).toEqual([`ARM requests for ${type}, the most of both modes`]);
});

test.each(modes)('one type that takes longer %s misses the goal of that mode', (slow) => {
  const postern = side('Postern', (type, mode) => [
    3,
    type === 'Microsoft.Sql/servers' && mode === slow ? 41.1 : 0,
  ]);
  expect(missed([...azureCli, ...postern])).toEqual([
    `Seconds more than Azure CLI takes, ${slow}, of the type where it is most`,
  ]);
});

test('of several runs the median counts', () => {
  const slow = side('Postern', () => [60, 400]);
  expect(missed([...good, ...good.slice(2), ...slow])).toEqual([]);
});

test('a side that approved nothing meets no goal', () => {
  expect(missed(azureCli)).toHaveLength(types.length + modes.length);
});

test('version 0.1.0 has a column for its four types, and none where it is missing', () => {
  const first = side('Postern 0.1.0', () => [11, 50], ownStoreTypes);
  const text = tableText(typeTable([...good, ...first]));
  expect(text).toContain(
    '| Microsoft.KeyVault/vaults | one at a time | 6.0 | 40.0 | 6.0 | 41.0 | 11.0 | 50.0 |',
  );
  expect(text).toContain('| Microsoft.Sql/servers | all at once | 6.0 | 40.0 | 6.0 | 41.0 | – | – |');
  expect(tableText(typeTable(good))).not.toContain('0.1.0:');
  expect(tableText(sideTable([...good, ...first]))).toContain('| Postern 0.1.0 | one at a time | 4 |');
});

test('target names are valid for a storage account, and differ', () => {
  const names = types.map((type) => targetName(type, types));
  expect(new Set(names).size).toBe(types.length);
  for (const name of names) expect(name).toMatch(/^[a-z0-9]{3,24}$/);
});
