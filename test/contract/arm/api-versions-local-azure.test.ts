import { createLocalAzure, createManualClock, type InProcessAzure } from '../../../dev/azure';
import { createArm } from '../../../src/azure/arm/arm';
import { createLiveDoctor } from '../../../src/cli/live/live-doctor';
import { readArmConfig } from '../../../src/config/config';
import { runTool } from '../../support/rigs/cli';
import { testTarget } from '../../support/http/scripted-arm';

/** A cloud that is behind, and the way out of it. */
const vault = testTarget('Microsoft.KeyVault/vaults');
let azure: InProcessAzure;

beforeEach(() => {
  azure = createLocalAzure({
    clock: createManualClock(),
    apiVersions: {
      'Microsoft.KeyVault': ['2019-09-01', '2021-10-01', '2022-07-01', '2023-08-01-preview'],
      'Microsoft.Network': ['2023-11-01'],
    },
  });
});
afterEach(() => azure.close());

function armWith(setting: string) {
  const { armEndpoint: endpoint, apiVersions } = readArmConfig({ API_VERSIONS: setting });
  return createArm({ endpoint, apiVersions, credential: azure.credential, httpClient: azure.httpClient });
}

function doctor(settings: Record<string, string>) {
  const environment = { AzureWebJobsStorage__accountName: 'stpostern', ...settings };
  const { credential, httpClient } = azure;
  return runTool(['doctor', '--only', 'versions', '--subscription', vault.subscriptionId], {
    doctorSources: () =>
      createLiveDoctor({ environment, onMalformed: () => undefined, arm: { credential, httpClient } }),
  });
}

test('the refusal names the setting and a version, and with it the request is answered', async () => {
  await expect(armWith('').connections.list(vault)).rejects.toThrow(
    'API_VERSIONS=Microsoft.KeyVault=2022-07-01',
  );
  await expect(armWith('Microsoft.KeyVault=2022-07-01').connections.list(vault)).resolves.toBeUndefined();
  const [last] = azure.requests.records.slice(-1);
  expect(last?.path).toContain('api-version=2022-07-01');
});

test('doctor tells before the first request, and is content with the setting', async () => {
  const before = await doctor({});
  expect(before.exitCode).toBe(1);
  const told = before.output.join('\n');
  expect(told).toContain('Microsoft.KeyVault/vaults: this cloud does not support the API version 2024-11-01');
  expect(told).toContain('set API_VERSIONS to Microsoft.KeyVault/vaults=2022-07-01');
  expect(told).toContain('set API_VERSIONS to Microsoft.Network/privateEndpoints=2023-11-01');
  const after = await doctor({ API_VERSIONS: 'Microsoft.KeyVault=2022-07-01,Microsoft.Network=2023-11-01' });
  expect(after.output.filter((line) => /problem|warning/.test(line))).toEqual([]);
  expect(after.exitCode).toBe(0);
});

test('what the mend of doctor says is a setting that is taken', () => {
  const text = 'Microsoft.KeyVault/vaults=2022-07-01,Microsoft.Network/privateEndpoints=2023-11-01';
  expect(readArmConfig({ API_VERSIONS: text }).apiVersions?.size).toBe(2);
});
