import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withOwnTypes, withOwnTypesOf } from '../../../src/cli/live/own-types';
import { targetTypeFrom } from '../../../src/connections/target-type';
import { runTool } from '../../support/rigs/cli';

const folder = mkdtempSync(join(tmpdir(), 'postern-own-types-'));
const path = join(folder, 'types.yaml');
afterAll(() => rmSync(folder, { recursive: true }));

const row = `version: 1
types:
  - type: Contoso.Data/stores
    label: Contoso store
    service: contoso
    apiVersion: "2026-01-01"
apiVersions:
  Microsoft.Search/searchServices: "2023-11-01"
  Microsoft.Maps/accounts: "2023-06-01"
`;

test('without a table of one’s own the environment stays as it is', async () => {
  const environment = { API_VERSIONS: 'Microsoft.Search/searchServices=2025-05-01' };
  expect(await withOwnTypes(environment)).toBe(environment);
});

test('a table with a mistake is refused with its place, and adds nothing', async () => {
  writeFileSync(path, row.replace('label:', 'lable:'));
  await expect(withOwnTypes({ TARGET_TYPES_PATH: path })).rejects.toThrow(/types\.yaml.*3:5.*`lable`/s);
  expect(targetTypeFrom('Contoso.Data/stores')).toBeUndefined();
});

test('its rows are known from then on, and API_VERSIONS wins over its api-versions', async () => {
  writeFileSync(path, row);
  const environment = await withOwnTypes({
    TARGET_TYPES_PATH: path,
    API_VERSIONS: 'Microsoft.Search/searchServices=2025-05-01',
  });
  expect(targetTypeFrom('contoso.data/STORES')).toBe('Contoso.Data/stores');
  expect(environment['API_VERSIONS']?.toLowerCase().split(',').sort()).toEqual([
    'microsoft.maps/accounts=2023-06-01',
    'microsoft.search/searchservices=2025-05-01',
  ]);
});

describe('the settings of an app', () => {
  const own = row.replaceAll('Contoso.Data', 'Contoso.Files').replaceAll('contoso\n', 'contoso-files\n');

  test('name a table of their own, whose types and api-versions are known to the doctor', async () => {
    const file = join(folder, 'app-types.yaml');
    writeFileSync(file, own);
    const settings = await withOwnTypesOf({ TARGET_TYPES_PATH: file, POLICY_PATH: 'p' }, {});
    expect(targetTypeFrom('contoso.files/STORES')).toBe('Contoso.Files/stores');
    expect(settings).toMatchObject({ TARGET_TYPES_PATH: file, POLICY_PATH: 'p' });
    expect(settings['API_VERSIONS']?.toLowerCase()).toContain('microsoft.maps/accounts=2023-06-01');
  });

  test('stay as they are if the environment has read that table already, or they name none', async () => {
    const same = { TARGET_TYPES_PATH: path };
    expect(await withOwnTypesOf(same, { TARGET_TYPES_PATH: path })).toBe(same);
    const none = { POLICY_PATH: 'p' };
    expect(await withOwnTypesOf(none, {})).toBe(none);
  });

  test('with other mistakes are left to the check of settings', async () => {
    const wrong = { TARGET_TYPES_PATH: join(folder, 'none.yaml'), ARM_ENDPOINT: 'http://insecure' };
    expect(await withOwnTypesOf(wrong, {})).toBe(wrong);
  });

  test('name a table that is not there: the doctor says which file', async () => {
    const missing = join(folder, 'missing.yaml');
    const files = { 'settings.json': JSON.stringify({ Values: { TARGET_TYPES_PATH: missing } }) };
    const { exitCode, errors } = await runTool(['doctor', '--settings', 'settings.json'], { files });
    expect(exitCode).toBe(2);
    expect(errors.join('\n')).toMatch(/settings\.json: .*TARGET_TYPES_PATH cannot be read: .*missing\.yaml/s);
  });
});
