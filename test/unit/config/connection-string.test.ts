import { BlobServiceClient } from '@azure/storage-blob';
import { TableServiceClient } from '@azure/data-tables';
import { QueueServiceClient } from '@azure/storage-queue';
import fc from 'fast-check';
import { insightsAddress, storageStringProblem } from '../../../src/config/connection-string';
import { readConfig } from '../../../src/config/config';

const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
const account = `DefaultEndpointsProtocol=https;AccountName=stpostern;AccountKey=${key}`;
const whole = `${account};EndpointSuffix=core.windows.net`;
const endpoints = ['Blob', 'Queue', 'Table']
  .map((service) => `${service}Endpoint=https://stpostern.${service.toLowerCase()}.core.windows.net/`)
  .join(';');
const signature = `${endpoints};SharedAccessSignature=sv=2024-11-04&ss=bqt&sig=abc%3D`;

/** Whether every SDK makes a client of it. */
function sdksTake(text: string): boolean {
  try {
    BlobServiceClient.fromConnectionString(text);
    QueueServiceClient.fromConnectionString(text);
    TableServiceClient.fromConnectionString(text);
    return true;
  } catch {
    return false;
  }
}

describe('a connection string of a storage account', () => {
  test.each([
    ['for the emulator', 'UseDevelopmentStorage=true'],
    ['with a key', whole],
    ['with a key and a semicolon at the end', `${whole};`],
    ['with a key and endpoints', `${account};${endpoints}`],
    ['with a signature', signature],
  ])('%s is taken, by the SDKs, too', (_, text) => {
    expect(storageStringProblem(text)).toBeUndefined();
    expect(sdksTake(text)).toBe(true);
  });

  test.each([
    ['a key alone', `AccountKey=${key}`, 'DefaultEndpointsProtocol=https'],
    ['no key at all', 'DefaultEndpointsProtocol=https;AccountName=stpostern', 'neither AccountKey='],
    ['a key that was cut', whole.replace('GMGw==', 'G'), 'AccountKey= is not whole'],
    ['a key without its end', whole.replace('==;', ';'), 'AccountKey= is not whole'],
    ['an account that is none', whole.replace('stpostern', 'St Postern'), 'AccountName='],
    ['another protocol', whole.replace('https', 'ftp'), 'DefaultEndpointsProtocol='],
    ['no suffix', account, 'EndpointSuffix='],
    ['names in another case', whole.replace('AccountKey', 'accountkey'), 'AccountKey is spelled'],
    ['a name that is not known', `${whole};Foo=bar`, 'part 5'],
    ['a part without a name', `${whole};bar`, 'part 5'],
    ['a name that stands twice', `${whole};AccountName=other`, 'AccountName= is in it twice'],
    ['a signature without its endpoints', 'SharedAccessSignature=sv=1&sig=abc', 'it needs BlobEndpoint='],
    ['a signature that has none', signature.replace('sig=abc%3D', ''), 'no sig='],
    ['a part of blanks', `${whole}; ;`, 'part 5'],
    ['both', `${whole};SharedAccessSignature=sig=a`, 'only one of them'],
    [
      'an endpoint that is no URL',
      `${account};${endpoints.replace('https://', '')}`,
      'BlobEndpoint= is not a URL',
    ],
    ['the emulator switched off', 'UseDevelopmentStorage=false', 'UseDevelopmentStorage=true'],
    ['the emulator in capitals', 'UseDevelopmentStorage=TRUE', 'UseDevelopmentStorage=true'],
    ['one of Event Hubs', 'Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=a', 'part 1'],
    ['a URL', 'https://stpostern.blob.core.windows.net', 'part 1'],
  ])('with %s is told, without its text', (_, text, told) => {
    expect(storageStringProblem(text)).toContain(told);
    expect(() => readConfig({ AzureWebJobsStorage: text })).toThrow(told);
    expect(() => readConfig({ AzureWebJobsStorage: text })).not.toThrow(key.slice(0, 12));
  });

  test('the SDKs make a client of whatever is taken', () => {
    const part = fc.constantFrom(
      ...[...whole.split(';'), ...signature.split(';'), 'UseDevelopmentStorage=true', 'AccountKey=', ' ', ''],
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const text = parts.join(';');
        if (storageStringProblem(text) === undefined) expect(sdksTake(text)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a setting as the host reads it', () => {
  test.each([
    ['in quotes', `"${whole}"`, 'is in quotes'],
    ['with a line end', `${whole}\n`, 'begins or ends with a blank'],
    ['with a byte order mark', `\ufeff${whole}`, 'U+FEFF'],
    ['as a reference', '%STORAGE%', 'is a reference to another setting'],
    ['as a reference to a vault', '@Microsoft.KeyVault(VaultName=v;SecretName=s)', 'has not resolved'],
    ['as a placeholder', '<connection string>', 'placeholder'],
    ['as a variable', '$(STORAGE)', 'placeholder'],
  ])('AzureWebJobsStorage %s is told', (_, text, told) => {
    expect(() => readConfig({ AzureWebJobsStorage: text })).toThrow(
      / {2}AzureWebJobsStorage (?:is|has|begins) /,
    );
    expect(() => readConfig({ AzureWebJobsStorage: text })).toThrow(told);
  });

  test.each([
    ['AzureWebJobsStorage__accountName', { AzureWebJobsStorage__accountName: 'stpostern ' }],
    ['AzureWebJobsStorage__clientId', { AzureWebJobsStorage__clientId: 'postern' }],
    ['POLICY_MODE', { POLICY_MODE: '"audit"' }],
    ['POLICY_PATH', { POLICY_PATH: '“policies”' }],
    ['AZURE_CLIENT_ID', { AZURE_CLIENT_ID: '${IDENTITY}' }],
    ['SWEEP_SUBSCRIPTIONS', { SWEEP_SUBSCRIPTIONS: "'11111111-1111-4111-8111-111111111111'" }],
    ['POLL_FLOOR_SECONDS', { POLL_FLOOR_SECONDS: '0x10' }],
    ['ARM_RESERVE_PERCENT', { ARM_RESERVE_PERCENT: '1e1' }],
    ['ARM_ENDPOINT', { ARM_ENDPOINT: '%ARM%' }],
    ['APPLICATIONINSIGHTS_AUTHENTICATION_STRING', { APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'AAD' }],
    [
      'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
      { APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=a' },
    ],
  ])('%s: %j is told', (name, change) => {
    expect(() => readConfig({ AzureWebJobsStorage__accountName: 'stpostern', ...change })).toThrow(
      `${name} `,
    );
  });
});

describe('Application Insights', () => {
  const id = 'InstrumentationKey=11111111-1111-4111-8111-111111111111';
  const read = (text: string, byIdentity = true) =>
    readConfig({
      AzureWebJobsStorage__accountName: 'stpostern',
      APPLICATIONINSIGHTS_CONNECTION_STRING: text,
      ...(byIdentity && { APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD' }),
    });

  test.each([
    id,
    `${id};`,
    `${id};IngestionEndpoint=https://westeurope-5.in.applicationinsights.azure.com/;LiveEndpoint=https://westeurope.livediagnostics.monitor.azure.com/;ApplicationId=a`,
    `${id};EndpointSuffix=applicationinsights.us;IngestionEndpoint=https://usgovvirginia-1.in.applicationinsights.azure.us/;AADAudience=https://monitor.azure.us/`,
    `${id};EndpointSuffix=applicationinsights.azure.cn`,
    `instrumentationkey=${id.slice(19)};ingestionendpoint=https://x.in.applicationinsights.azure.com;SomethingNew=1`,
    `${id};IngestionEndpoint=https://localhost:8443/`,
  ])('%s is taken by identity', (text) => {
    expect(read(text).telemetryConnectionString).toBe(text);
  });

  test.each([
    `${id};IngestionEndpoint=https://evil.test/`,
    `${id};IngestionEndpoint=https://x.in.applicationinsights.azure.com.evil.test/`,
    `${id};IngestionEndpoint=https://x.in.applicationinsights.azure.com:8443/`,
    `${id};EndpointSuffix=evil.test`,
    `${id};ingestionendpoint=https://evil.test/`,
    `${id};AADAudience=https://management.azure.com`,
    `${id};AADAudience=https://monitor.azure.evil.test`,
  ])('%s would take the identity’s token elsewhere', (text) => {
    expect(() => read(text)).toThrow('the identity’s token goes there');
    expect(() => read(text)).not.toThrow('evil');
    expect(read(text, false).telemetryConnectionString).toBe(text);
  });

  test.each([
    ['InstrumentationKey=a', 'InstrumentationKey= is a GUID'],
    ['11111111-1111-4111-8111-111111111111', 'part 1'],
    [`${id};IngestionEndpoint=http://westeurope-5.in.applicationinsights.azure.com/`, 'https URL'],
    [`${id};IngestionEndpoint`, 'part 2'],
  ])('%s is told', (text, told) => {
    expect(insightsAddress(text)).toContain(told);
    expect(() => read(text, false)).toThrow(told);
  });
});
