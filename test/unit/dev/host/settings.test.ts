import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDisabled, readLocalSettings, resolveSettings } from '../../../../dev/host/settings';
import { connectionOf, type StorageConnection } from '../../../../dev/host/storage/connection-string';

describe('local.settings.json', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'settings-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('gives its values', () => {
    const file = write({ IsEncrypted: false, Values: { A: '1', B: '' }, Host: { CORS: '*' } });
    expect(readLocalSettings(file)).toEqual({ A: '1', B: '' });
  });

  test.each([
    ['UTF-16 of Windows', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['a byte order mark', (text: string) => Buffer.from(`\ufeff${text}`)],
    ['comments and a comma too many', (text: string) => Buffer.from(`// mine\n${text.slice(0, -1)},\n}`)],
  ])('is read with %s', (_, bytesOf) => {
    const file = join(folder, 'local.settings.json');
    writeFileSync(file, bytesOf(JSON.stringify({ Values: { A: '1' } })));
    expect(readLocalSettings(file)).toEqual({ A: '1' });
  });

  test('is refused with the unexpected character and its place', () => {
    const file = join(folder, 'local.settings.json');
    writeFileSync(file, '{"Values": {"A": secret}}');
    expect(() => readLocalSettings(file)).toThrow('unexpected "s" in line 1, column 18');
  });

  test.each([
    ['is encrypted', { IsEncrypted: true, Values: {} }, 'IsEncrypted'],
    ['holds a number', { Values: { A: 1 } }, 'Values.A'],
    ['is a list', [], 'expected object'],
  ])('is refused when it %s', (_, content, problem) => {
    expect(() => readLocalSettings(write(content))).toThrow(problem);
  });

  test('is refused when it is missing, and the file is named', () => {
    const file = join(folder, 'missing.json');
    expect(() => readLocalSettings(file)).toThrow(file);
  });

  function write(content: unknown): string {
    const file = join(folder, 'local.settings.json');
    writeFileSync(file, JSON.stringify(content));
    return file;
  }
});

test('names between percent signs are replaced by settings, in any case', () => {
  expect(resolveSettings('a-%ONE%-%two%', { one: '1', TWO: '2' })).toBe('a-1-2');
  expect(() => resolveSettings('%THREE%', {})).toThrow('%THREE% is not an app setting');
});

test.each([
  ['AzureWebJobs.sweep.Disabled', 'true', true],
  ['AzureWebJobs.Sweep.disabled', '1', true],
  ['AzureWebJobs_sweep_Disabled', 'True', true],
  ['AzureWebJobs.sweep.Disabled', 'false', false],
  ['AzureWebJobs.other.Disabled', 'true', false],
])('with %s=%s, sweep is disabled: %s', (name, value, expected) => {
  expect(isDisabled('sweep', { [name]: value })).toBe(expected);
});

test('a connection is a setting, its name with or without its prefix', () => {
  const settings = { AzureWebJobsStorage: 'default', Orders: 'plain', AzureWebJobsOrders: 'prefixed' };
  expect(connectionOf('', settings)).toEqual(byString('default'));
  expect(connectionOf('Storage', settings)).toEqual(byString('default'));
  expect(connectionOf('Orders', settings)).toEqual(byString('prefixed'));
  expect(() => connectionOf('Missing', settings)).toThrow('not an app setting');
});

test('a connection by identity names the account or its services', () => {
  const blobServiceUri = 'https://account.blob.core.windows.net';
  const queueServiceUri = 'https://queues.example.net/account';
  const settings = {
    AzureWebJobsStorage__accountName: 'account',
    AzureWebJobsStorage__queueServiceUri: queueServiceUri,
    AzureWebJobsStorage__clientId: 'user-assigned',
  };
  expect(connectionOf(undefined, settings)).toEqual({
    kind: 'identity',
    blobServiceUri,
    queueServiceUri,
    clientId: 'user-assigned',
  });
  expect(() => connectionOf('', { AzureWebJobsStorage__clientId: 'alone' })).toThrow('not an app setting');
});

function byString(connectionString: string): StorageConnection {
  return { kind: 'connectionString', connectionString };
}
