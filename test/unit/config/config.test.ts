import fc from 'fast-check';
import { ConfigError } from '../../../src/config/config-error';
import { readArmConfig, readConfig, readStorageConfig } from '../../../src/config/config';
import { hasEventTopic, sweepSchedule } from '../../../src/config/registration';
import type { PosternError } from '../../../src/base/errors';

const storage = { AzureWebJobsStorage: 'UseDevelopmentStorage=true' };

test('with storage alone, everything else has a safe default', () => {
  expect(readConfig(storage)).toEqual({
    storage: { kind: 'connectionString', connectionString: 'UseDevelopmentStorage=true' },
    armEndpoint: 'https://management.azure.com',
    policyPath: 'policies',
    policyMode: undefined,
    pollFloorSeconds: undefined,
    sweepSubscriptions: [],
    targetTypes: ['recorded'],
    clientId: undefined,
    hasManagedIdentity: false,
    telemetryConnectionString: undefined,
    telemetryUsesIdentity: false,
  });
});

test('every problem is told at once, each with its setting', () => {
  const wrong = {
    ARM_ENDPOINT: 'http://management.azure.com',
    POLICY_MODE: 'dry-run',
    POLL_FLOOR_SECONDS: 'soon',
    SWEEP_SUBSCRIPTIONS: 'prod,11111111-1111-4111-8111-111111111111',
    AZURE_CLIENT_ID: 'postern',
    APPLICATIONINSIGHTS_CONNECTION_STRING: 'https://insights',
    SWEEP_SCHEDULE: 'every hour or so then',
  };
  let error: unknown;
  try {
    readConfig(wrong);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
  const { message } = error as PosternError;
  for (const setting of [...Object.keys(wrong), 'AzureWebJobsStorage']) {
    if (setting !== 'SWEEP_SCHEDULE') expect(message).toContain(setting);
  }
  expect(message).toContain(
    'SWEEP_SUBSCRIPTIONS must be a comma-separated list of subscription GUIDs; entry 1 is not a GUID',
  );
  expect(error).toBeInstanceOf(ConfigError);
  const { problems } = error as ConfigError;
  expect(problems.map(({ setting }) => setting).sort()).toEqual(
    [...Object.keys(wrong), 'AzureWebJobsStorage'].sort(),
  );
  expect(message.split('\n').slice(1)).toEqual(
    problems.map(({ setting, problem }) => `  ${setting} ${problem}`),
  );
});

test('a schedule that is no schedule is told of', () => {
  expect(() => readConfig({ ...storage, SWEEP_SCHEDULE: 'hourly' })).toThrow(
    'SWEEP_SCHEDULE must be an NCRONTAB',
  );
  expect(sweepSchedule({ SWEEP_SCHEDULE: ' 0 0 * * * * ' })).toBe('0 0 * * * *');
  expect(sweepSchedule({})).toBe('0 */15 * * * *');
});

test('an account name is enough for storage by identity', () => {
  const config = readConfig({ AzureWebJobsStorage__accountName: 'postern' });
  expect(config.storage).toEqual({
    kind: 'identity',
    blobServiceUri: 'https://postern.blob.core.windows.net',
    queueServiceUri: 'https://postern.queue.core.windows.net',
    tableServiceUri: 'https://postern.table.core.windows.net',
    clientId: undefined,
  });
});

test('a storage service over plain http is refused when an identity’s token would go there', () => {
  const environment = {
    AzureWebJobsStorage__accountName: 'postern',
    AzureWebJobsStorage__queueServiceUri: 'http://x',
  };
  expect(() => readConfig(environment)).toThrow('AzureWebJobsStorage__queueServiceUri must be an https URL');
});

describe('the identity’s token goes to a storage account of Azure only', () => {
  const uris = (suffix: string): Record<string, string> => ({
    AzureWebJobsStorage__blobServiceUri: `https://postern.blob.${suffix}`,
    AzureWebJobsStorage__queueServiceUri: `https://postern.queue.${suffix}`,
    AzureWebJobsStorage__tableServiceUri: `https://postern.table.${suffix}/`,
  });

  test.each(['core.windows.net', 'core.usgovcloudapi.net', 'core.chinacloudapi.cn', 'storage.azure.net'])(
    'below %s',
    (suffix) => {
      expect(readConfig(uris(suffix)).storage).toMatchObject({
        tableServiceUri: `https://postern.table.${suffix}/`,
      });
    },
  );

  test('or to this machine', () => {
    const here = {
      ...uris('core.windows.net'),
      AzureWebJobsStorage__blobServiceUri: 'https://127.0.0.1:10000/dev',
    };
    expect(readConfig(here).storage).toMatchObject({ blobServiceUri: 'https://127.0.0.1:10000/dev' });
    const path = { ...here, POLICY_PATH: 'https://127.0.0.1:10000/dev/policies' };
    expect(readConfig(path).policyPath).toBe('https://127.0.0.1:10000/dev/policies');
  });

  test.each([
    ['a stranger', 'https://postern-storage.example'],
    ['a host that begins like one', 'https://postern.table.core.windows.net.evil.example'],
    ['another service', 'https://postern.queue.core.windows.net'],
    ['another port', 'https://postern.table.core.windows.net:8443'],
  ])('not to %s', (_, tableServiceUri) => {
    const environment = {
      ...uris('core.windows.net'),
      AzureWebJobsStorage__tableServiceUri: tableServiceUri,
    };
    expect(() => readConfig(environment)).toThrow(
      'AzureWebJobsStorage__tableServiceUri must be the table service of a storage account',
    );
    expect(() => readConfig(environment)).not.toThrow(tableServiceUri);
  });

  test('nor to a table in place of the service', () => {
    const environment = {
      ...uris('core.windows.net'),
      AzureWebJobsStorage__tableServiceUri: 'https://postern.table.core.windows.net/ledger',
    };
    expect(() => readConfig(environment)).toThrow(
      'AzureWebJobsStorage__tableServiceUri must be the service itself',
    );
  });

  test('and a policy has a container', () => {
    const environment = {
      AzureWebJobsStorage__accountName: 'postern',
      POLICY_PATH: 'https://postern.blob.core.windows.net/',
    };
    expect(() => readConfig(environment)).toThrow('POLICY_PATH must name a container');
  });

  test.each(['https://evil.example/policy', 'http://postern.blob.core.windows.net/policy', 'https://'])(
    'not to a policy at %s',
    (path) => {
      const environment = { AzureWebJobsStorage__accountName: 'postern', POLICY_PATH: path };
      expect(() => readConfig(environment)).toThrow(
        'POLICY_PATH must be in the blob service of a storage account',
      );
    },
  );

  test('and a policy may be in another account than the app’s own', () => {
    const path = 'https://policies.blob.core.windows.net/live';
    const environment = { AzureWebJobsStorage__accountName: 'postern', POLICY_PATH: path };
    expect(readConfig(environment).policyPath).toBe(path);
  });
});

const secret = 'c2VjcmV0LXN0b3JhZ2Uta2V5LWJ5dGVz+/==';

test.each<[string, Record<string, string>, string]>([
  [
    'a connection string in place of an account',
    { AzureWebJobsStorage__accountName: `AccountName=a;AccountKey=${secret}` },
    'AzureWebJobsStorage__accountName must be the name of a storage account',
  ],
  [
    'a service URI with a signature',
    {
      AzureWebJobsStorage__accountName: 'postern',
      AzureWebJobsStorage__blobServiceUri: `https://postern.blob.core.windows.net/?sig=${secret}`,
    },
    'AzureWebJobsStorage__blobServiceUri must be an https URL without credentials or a query',
  ],
  [
    'a policy’s URL with a signature',
    { ...storage, POLICY_PATH: `https://postern.blob.core.windows.net/policy?sig=${secret}` },
    'POLICY_PATH must be a URL without credentials or a query',
  ],
  [
    'a connection string in place of subscriptions',
    { ...storage, SWEEP_SUBSCRIPTIONS: `AccountName=a;AccountKey=${secret}` },
    'SWEEP_SUBSCRIPTIONS must be a comma-separated list of subscription GUIDs',
  ],
  [
    'a key alone in place of a connection string',
    { AzureWebJobsStorage: secret },
    'AzureWebJobsStorage must be',
  ],
])('%s is refused by the setting’s name, and its value is not told', (_, environment, told) => {
  expect(() => readConfig(environment)).toThrow(told);
  expect(() => readConfig(environment)).not.toThrow(secret.slice(0, 8));
});

test('telemetry signs in with the identity only when it is told to', () => {
  const aad = { ...storage, APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=x;Authorization=AAD' };
  expect(readConfig(aad).telemetryUsesIdentity).toBe(true);
});

test('settings that are set but empty count as left out', () => {
  const empty = {
    ...storage,
    POLICY_MODE: '',
    POLL_FLOOR_SECONDS: ' ',
    AZURE_CLIENT_ID: '',
    ARM_ENDPOINT: '',
  };
  expect(readConfig(empty)).toEqual(readConfig(storage));
});

test('whatever the settings are, the answer is a config or CONFIG_INVALID', () => {
  const names = [
    'ARM_ENDPOINT',
    'POLICY_PATH',
    'POLICY_MODE',
    'POLL_FLOOR_SECONDS',
    'SWEEP_SUBSCRIPTIONS',
    'SWEEP_SCHEDULE',
    'AzureWebJobsStorage',
    'AzureWebJobsStorage__accountName',
  ];
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.string(), fc.webUrl())),
      (environment) => {
        try {
          expect(new URL(readConfig(environment).armEndpoint).protocol).toBe('https:');
        } catch (error) {
          expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('what reaches ARM is read without the settings of an app', () => {
  const clientId = '11111111-1111-4111-8111-111111111111';
  const arm = {
    ARM_ENDPOINT: 'https://arm.example/',
    AZURE_CLIENT_ID: clientId,
    IDENTITY_ENDPOINT: 'http://x',
  };
  const targetTypes = ['recorded'];
  const wanted = { armEndpoint: 'https://arm.example', clientId, hasManagedIdentity: true, targetTypes };
  expect(readArmConfig({ ...arm, POLL_FLOOR_SECONDS: 'soon' })).toEqual(wanted);
  expect(readConfig({ ...storage, ...arm })).toMatchObject(wanted);
  expect(readArmConfig({})).toEqual({
    armEndpoint: 'https://management.azure.com',
    clientId: undefined,
    hasManagedIdentity: false,
    targetTypes,
  });
});

test('what is wrong with the settings of ARM is told at once, and nothing else', () => {
  const wrong = { ARM_ENDPOINT: 'http://x', AZURE_CLIENT_ID: 'postern', POLICY_MODE: 'dry-run' };
  expect(() => readArmConfig(wrong)).toThrow(
    /^2 settings are wrong:\n {2}ARM_ENDPOINT .*\n {2}AZURE_CLIENT_ID /,
  );
});

test('storage alone is read where some setting speaks of it', () => {
  expect(readStorageConfig(storage)).toEqual(readConfig(storage).storage);
  const identity = { AzureWebJobsStorage__accountName: 'postern' };
  expect(readStorageConfig(identity)).toEqual(readConfig(identity).storage);
  for (const nothing of [{}, { AzureWebJobsStorage: ' ' }, { ARM_ENDPOINT: 'http://x' }])
    expect(readStorageConfig(nothing)).toBe(undefined);
  expect(() => readStorageConfig({ AzureWebJobsStorage__blobServiceUri: 'https://x' })).toThrow(
    'AzureWebJobsStorage is missing',
  );
});

describe('EVENT_TOPIC_ENDPOINT', () => {
  const origin = 'https://outcomes.westeurope-1.eventgrid.azure.net';

  test.each([
    ['as the portal shows it', `${origin}/api/events`, origin],
    ['without the path', origin, origin],
    ['left empty', '  ', undefined],
  ])('is taken %s', (_, text, expected) => {
    expect(readConfig({ ...storage, EVENT_TOPIC_ENDPOINT: text }).eventTopicOrigin).toBe(expected);
    expect(hasEventTopic({ EVENT_TOPIC_ENDPOINT: text })).toBe(expected !== undefined);
  });

  test.each([
    'http://outcomes.westeurope-1.eventgrid.azure.net/api/events',
    `${origin}/api/events?aeg-sas-key=secret`,
    `${origin}/other`,
    'https://user:secret@outcomes/api/events',
    'outcomes',
  ])('%s is refused without being repeated', (text) => {
    const read = () => readConfig({ ...storage, EVENT_TOPIC_ENDPOINT: text });
    expect(read).toThrow('EVENT_TOPIC_ENDPOINT must be the https endpoint of an Event Grid topic');
    expect(read).not.toThrow('secret');
  });
});

test.each([
  ['PT1H', 3600],
  ['PT15M', 900],
  ['PT900S', 900],
  ['PT1H30M', 5400],
  ['P0DT12H', 43_200],
])('a standby may wait %s', (text, seconds) => {
  expect(readConfig({ ...storage, STANDBY_AFTER: text }).standbyAfterSeconds).toBe(seconds);
});

test.each([
  '1h',
  '3600',
  'PT',
  'P',
  'PT0S',
  'PT14M59S',
  'PT12H1S',
  'P1D',
  'P1W',
  '-PT1H',
  'PT1.5H',
  'pt1h',
  'P1DT',
])('a standby cannot wait %s', (text) => {
  expect(() => readConfig({ ...storage, STANDBY_AFTER: text })).toThrow(
    'STANDBY_AFTER must be an ISO 8601 duration from PT15M to PT12H, e.g. PT1H',
  );
});
