import { chosenTypes } from '../../../src/connections/chosen-types';
import {
  addTargetTypes,
  recordedTypes,
  targetTypeFrom,
  targetTypes,
} from '../../../src/connections/target-type';
import { parseTargetId } from '../../../src/connections/resource-id';
import { ConfigError } from '../../../src/config/config-error';
import { readConfig, type Config } from '../../../src/config/config';
import { loadOwnTypes } from '../../../src/config/types/load-types';
import { parseTypeFile } from '../../../src/config/types/type-file';
import { wireTypeOf } from '../../../src/azure/arm/connections/table/wire-type';

const storage = { AzureWebJobsStorage: 'UseDevelopmentStorage=true' };
const configWith = (settings: Record<string, string>): Config => readConfig({ ...storage, ...settings });
const chosen = (text: string) => chosenTypes(configWith({ TARGET_TYPES: text }).targetTypes);

describe('TARGET_TYPES', () => {
  test('chooses the recorded types if it is not set', () => {
    expect(chosenTypes(configWith({}).targetTypes)).toEqual(recordedTypes());
    expect(recordedTypes()).toHaveLength(52);
  });

  test('takes all, services and types in any case', () => {
    expect(chosen('all')).toEqual(targetTypes());
    expect(chosen('Storage, microsoft.sql/SERVERS')).toEqual([
      'Microsoft.Sql/servers',
      'Microsoft.Storage/storageAccounts',
    ]);
    expect(chosen('recorded,maps')).toEqual(expect.arrayContaining(['Microsoft.Maps/accounts']));
  });

  test('names the entry that is none, and never its value', () => {
    expect(() => chosen('storage,storge,sql')).toThrow(
      /TARGET_TYPES must be types or services.*entry 2 is not/,
    );
    expect(() => chosen('secret-value')).not.toThrow(/secret-value/);
  });
});

const row = `version: 1
types:
  - type: Contoso.Data/stores
    label: Contoso store
    service: contoso
    apiVersion: "2026-01-01"
    method: PATCH
    endStates: [Done]
apiVersions:
  Microsoft.Search/searchServices: "2023-11-01"
`;

const problemsIn = (text: string): readonly string[] => {
  const parsed = parseTypeFile({ path: 'types.yaml', text });
  return parsed.kind === 'parsed'
    ? []
    : parsed.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
};

describe('a table of one’s own', () => {
  test('is refused with the place of each problem', () => {
    expect(problemsIn(row)).toEqual([]);
    expect(problemsIn(row.replace('Contoso.Data/stores', 'Microsoft.Sql/servers'))).toEqual([
      '3:11 Microsoft.Sql/servers is in the table: to change its api-version, name it in `apiVersions`',
    ]);
    expect(problemsIn(row.replace('"2026-01-01"', '2026-1'))).toEqual([
      expect.stringMatching(/^6:17 an api-version/),
    ]);
    expect(problemsIn(row.replace('method: PATCH', 'methods: PATCH'))).toEqual([
      expect.stringMatching(/^3:5 unknown key `methods`/),
    ]);
    expect(problemsIn(row.replace('Microsoft.Search/searchServices', 'Contoso.X/ys'))).toEqual([
      '10:17 Contoso.X/ys is not in the table: `postern types` lists all',
    ]);
  });

  test('adds its rows and api-versions, and may be chosen from', async () => {
    const config = configWith({ TARGET_TYPES: 'contoso,search', TARGET_TYPES_PATH: 'types.yaml' });
    const read = async () => [{ path: 'types.yaml', text: row }];
    const whole = await loadOwnTypes(config, { read, version: async () => '1' });
    const type = targetTypeFrom('contoso.data/STORES');
    expect(type).toBe('Contoso.Data/stores');
    expect(chosenTypes(whole.targetTypes)).toEqual(['Microsoft.Search/searchServices', type]);
    expect(whole.apiVersions?.get('microsoft.search/searchservices')).toBe('2023-11-01');
    expect(type && (await wireTypeOf(type))).toMatchObject({
      method: 'PATCH',
      states: { terminal: ['done'] },
    });
    const id =
      '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Contoso.Data/stores/a';
    expect(parseTargetId(id).type).toBe('Contoso.Data/stores');
  });

  test('that lacks a chosen type is a problem of TARGET_TYPES', async () => {
    const config = configWith({ TARGET_TYPES: 'fabrikam', TARGET_TYPES_PATH: 'types.yaml' });
    const reader = {
      read: async () => [{ path: 'types.yaml', text: 'version: 1\n' }],
      version: async () => '1',
    };
    await expect(loadOwnTypes(config, reader)).rejects.toThrow(ConfigError);
  });
});

test('a row that was added says no more than is known', () => {
  addTargetTypes([{ type: 'Contoso.Own/things', label: 'Thing', service: 'thing', evidence: 'described' }]);
  expect(recordedTypes()).not.toContain('Contoso.Own/things');
});
