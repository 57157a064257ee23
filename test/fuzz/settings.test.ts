import fc from 'fast-check';
import { readArmConfig, readConfig, readStorageConfig } from '../../src/config/config';
import { sweepSchedule } from '../../src/config/registration';
import { PosternError } from '../../src/base/errors';
import { nextOccurrence, parseNcrontab } from '../../src/base/ncrontab';
import { hostilePieces, hostileText } from '../support/arbitraries/hostile-text';
import { mutatedText } from '../support/arbitraries/mutated-text';
import { expectHarmless } from './support/expectations';
import { runs } from './support/runs';

/** Long enough that no part of it is in a message by chance. */
const secret = 'aHVudGVyMi1odW50ZXIyLWh1bnRlcjItaHVudGVyMg==';
const guid = '11111111-2222-3333-4444-555555555555';
const connectionString = `DefaultEndpointsProtocol=https;AccountName=postern;AccountKey=${secret};EndpointSuffix=core.windows.net`;

/** Each setting as it should be. */
const good: Readonly<Record<string, readonly string[]>> = {
  AzureWebJobsStorage: [connectionString, 'UseDevelopmentStorage=true', ''],
  AzureWebJobsStorage__accountName: ['postern', ''],
  AzureWebJobsStorage__blobServiceUri: ['https://postern.blob.core.windows.net', ''],
  AzureWebJobsStorage__queueServiceUri: ['https://postern.queue.core.windows.net', ''],
  AzureWebJobsStorage__tableServiceUri: ['https://postern.table.core.windows.net', ''],
  AzureWebJobsStorage__clientId: [guid, ''],
  ARM_ENDPOINT: ['https://management.azure.com', 'https://localhost:8443/', ''],
  POLICY_PATH: ['policies', 'https://postern.blob.core.windows.net/policy', ''],
  POLICY_MODE: ['enforce', 'audit', ''],
  POLL_FLOOR_SECONDS: ['1', '10', ''],
  SWEEP_SCHEDULE: ['0 */15 * * * *', '0 0 8-18 * * MON-FRI', '%SCHEDULE%', ''],
  SWEEP_SUBSCRIPTIONS: [guid, `${guid}, ${guid.toUpperCase()}`, ''],
  AZURE_CLIENT_ID: [guid, ''],
  APPLICATIONINSIGHTS_CONNECTION_STRING: [
    `InstrumentationKey=${guid};IngestionEndpoint=https://x.in.applicationinsights.azure.com/`,
    '',
  ],
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: ['Authorization=AAD', ''],
  IDENTITY_ENDPOINT: ['http://127.0.0.1:41741/msi/token', ''],
  API_VERSIONS: [
    'Microsoft.KeyVault=2023-07-01',
    'microsoft.network=2023-11-01; Microsoft.Compute=2020-09-30',
    '',
  ],
  EVENT_TOPIC_ENDPOINT: [
    'https://t.westeurope-1.eventgrid.azure.net/api/events',
    'https://localhost:8443',
    '',
  ],
};
const names = Object.keys(good);

/** What people paste into the wrong setting, and what breaks parsers. */
const piece = fc.oneof(
  fc.constantFrom(
    ...hostilePieces,
    ',',
    ';',
    'https://',
    'http://',
    '?',
    '@',
    '#',
    ':',
    '-1',
    '1e99',
    'Infinity',
  ),
  fc.constantFrom(
    ...[connectionString, secret, `?sv=2024-11-04&sig=${encodeURIComponent(secret)}`, `user:${secret}@`],
    ...[`;AccountKey=${secret}`, `https://x.blob.core.windows.net/?sig=${secret}`, `,${secret},`],
  ),
);
const environment = fc
  .tuple(
    ...names.map((name) =>
      fc.option(
        fc.oneof(
          { weight: 3, arbitrary: fc.constantFrom(...(good[name] ?? [])) },
          { weight: 2, arbitrary: mutatedText(fc.constantFrom(...(good[name] ?? [])), piece) },
          { weight: 1, arbitrary: mutatedText(fc.constantFrom(...Object.values(good).flat()), piece) },
          { weight: 1, arbitrary: hostileText },
        ),
        { nil: undefined },
      ),
    ),
  )
  .map((values) => Object.fromEntries(names.map((name, index) => [name, values[index]])));

test('settings are a config that keeps to https, or refused by name, and no value is ever told', () => {
  fc.assert(
    fc.property(environment, (settings) => {
      const config = readOrRefused(() => readConfig(settings), settings);
      readOrRefused(() => readArmConfig(settings), settings);
      readOrRefused(() => readStorageConfig(settings), settings);
      if (config === undefined) return;
      expect(new URL(config.armEndpoint).origin).toBe(config.armEndpoint);
      expect(config.armEndpoint).toMatch(/^https:/);
      const floor = config.pollFloorSeconds ?? 10;
      expect(floor >= 1 && floor <= 3_600).toBe(true);
      const schedule = sweepSchedule(settings);
      expect(nextOccurrence(parseNcrontab(schedule), new Date(0))).toBeDefined();
      if (config.eventTopicOrigin !== undefined)
        expect(new URL(config.eventTopicOrigin).hostname).toMatch(/\.eventgrid\.azure\.net$|^localhost$/);
      for (const version of config.apiVersions?.values() ?? []) expect(version).toMatch(/^\d{4}-\d\d-\d\d/);
      for (const id of config.sweepSubscriptions) expect(id).toMatch(/^[0-9a-f-]{36}$/);
      if (config.storage.kind === 'connectionString') return;
      const { blobServiceUri, queueServiceUri, tableServiceUri } = config.storage;
      for (const uri of [blobServiceUri, queueServiceUri, tableServiceUri]) {
        const { protocol, username, search } = new URL(uri);
        expect([protocol, username, search]).toEqual(['https:', '', '']);
        expect(uri).not.toContain(secret);
      }
    }),
    { numRuns: runs() },
  );
});

function readOrRefused<T>(read: () => T, settings: Record<string, string | undefined>): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    expect(error.code).toBe('CONFIG_INVALID');
    expectToldByName(error.message);
    for (const value of Object.values(settings)) expectNotTold(error.message, value ?? '');
    return undefined;
  }
}

/** A line for each problem, which begins with the setting's name. */
function expectToldByName(message: string): void {
  const [heading, ...problems] = message.split('\n');
  expect(heading).toMatch(/^(?:One setting is|\d+ settings are) wrong:$/);
  expect(problems.length).toBeGreaterThan(0);
  for (const problem of problems) {
    expectHarmless(problem, 300);
    expect(names).toContain(/^ {2}(\w+) /.exec(problem)?.[1]);
  }
}

/** All that the messages say whatever the values are. */
const fixedWords = [
  {},
  Object.fromEntries(names.map((name) => [name, '!'])),
  { AzureWebJobsStorage__accountName: '!' },
  { AzureWebJobsStorage: 'UseDevelopmentStorage=' },
  Object.fromEntries(names.slice(1, 5).map((name) => [name, name.endsWith('Name') ? '' : '!'])),
]
  .map((settings) => {
    try {
      readConfig(settings);
      return '';
    } catch (error) {
      return (error as PosternError).message;
    }
  })
  .join('\n');

/** Neither the whole of a value nor a telling part of a secret. */
function expectNotTold(message: string, value: string): void {
  if (message.includes(secret.slice(0, 12))) throw new Error(`a secret is told: ${message}`);
  if (value.length < 12 || fixedWords.includes(value)) return;
  if (message.includes(value)) throw new Error(`a value is told: ${message}`);
}
