import fc from 'fast-check';
import { readConfig } from '../../src/config';
import { sweepSchedule } from '../../src/config-schedule';
import type { PosternError } from '../../src/errors';

const storage = { AzureWebJobsStorage: 'UseDevelopmentStorage=true' };

test('with storage alone, everything else has a safe default', () => {
  expect(readConfig(storage)).toEqual({
    storage: { kind: 'connectionString', connectionString: 'UseDevelopmentStorage=true' },
    armEndpoint: 'https://management.azure.com',
    policyPath: 'policies',
    policyMode: undefined,
    pollFloorSeconds: undefined,
    sweepSubscriptions: [],
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
  expect(message).toContain('these are not: prod');
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
    AzureWebJobsStorage__accountName: 'x',
    AzureWebJobsStorage__queueServiceUri: 'http://x',
  };
  expect(() => readConfig(environment)).toThrow(
    'AzureWebJobsStorage names a service URI that is not an https URL',
  );
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
