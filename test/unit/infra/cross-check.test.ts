import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultStorageNames } from '../../../src/azure/storage/storage';
import { readConfig } from '../../../src/config/config';
import { defaultSweepSchedule } from '../../../src/config/registration';
import { settingsThatConfigReads } from '../../support/samples/config-settings';
import { filesBelow } from '../../support/repo/files-below';
import { ofType, readText, settingsOf, snapshot } from '../../support/repo/infra';
import { projectRoot } from '../../support/repo/project';

const byDefault = snapshot('stage-one-defaults');
const withAll = snapshot('stage-one-everything');
const elsewhere = snapshot('stage-one-another-cloud');

/**
 * Built-in roles, the same in every tenant.
 * https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
const builtInRoles: Readonly<Record<string, string>> = {
  eventGridDataSender: 'd5a91429-5739-47e2-a06b-3470a27159e7',
  managedIdentityOperator: 'f1a07417-d97a-45cb-824c-7a7467783830',
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb',
  blobDataContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
  blobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
  blobDataReader: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
  queueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88',
  tableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
};

test('every built-in role has its own id, and every id is one of theirs', () => {
  const sources = filesBelow(join(projectRoot, 'infra')).filter((path) => path.endsWith('.bicep'));
  const found = sources.flatMap((path) => [
    ...readFileSync(path, 'utf8').matchAll(
      /(\w+)\s*[:=]\s*'([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})'/gi,
    ),
  ]);
  expect(found.length).toBeGreaterThan(0);
  expect(found.map(([, name = '', id]) => [name, id])).toEqual(
    found.map(([, name = '']) => [name, builtInRoles[name]]),
  );
});

describe('app settings', () => {
  /** Set for the platform; the app does not read them. */
  const forThePlatform: Readonly<Record<string, string>> = {
    AzureWebJobsStorage__credential: 'says that the host’s storage is reached by identity',
  };
  const leftToTheirDefaults: Readonly<Record<string, string>> = {
    API_VERSIONS: 'the public cloud knows those that are pinned',
    AzureWebJobsStorage: 'a connection string would be a key',
    IDENTITY_ENDPOINT: 'set by the platform',
    POLL_FLOOR_SECONDS: 'each provider’s own',
    TARGET_TYPES_PATH: 'the table that is shipped',
    WEBSITE_HOSTNAME: 'set by the platform',
  };
  const read = settingsThatConfigReads();
  const isPause = (name: string): boolean => /^AzureWebJobs\.\w+\.Disabled$/.test(name);

  test('are those that config reads, and a few for the platform', () => {
    const set = [...new Set([withAll, elsewhere].flatMap((one) => Object.keys(settingsOf(one))))];
    expect(set.filter((name) => !read.includes(name) && !isPause(name))).toEqual(Object.keys(forThePlatform));
    expect(read.filter((name) => !set.includes(name))).toEqual(Object.keys(leftToTheirDefaults).sort());
  });

  test('switch off functions that there are', () => {
    const [pause = ''] = Object.keys(settingsOf(withAll)).filter(isPause);
    expect(registered(/app\.\w+\('([^']+)'/g)).toContain(pause.split('.')[1]);
  });

  /** https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan, "Deprecated properties and settings". */
  const refusedOnFlexConsumption: readonly string[] = [
    'FUNCTIONS_EXTENSION_VERSION',
    'FUNCTIONS_MAX_HTTP_CONCURRENCY',
    'FUNCTIONS_WORKER_DYNAMIC_CONCURRENCY_ENABLED',
    'FUNCTIONS_WORKER_PROCESS_COUNT',
    'FUNCTIONS_WORKER_RUNTIME',
    'FUNCTIONS_WORKER_RUNTIME_VERSION',
    'WEBSITE_CONTENTAZUREFILECONNECTIONSTRING',
    'WEBSITE_CONTENTSHARE',
    'WEBSITE_NODE_DEFAULT_VERSION',
    'WEBSITE_RUN_FROM_PACKAGE',
    'alwaysOn',
    'containerSize',
    'functionAppScaleLimit',
    'isReserved',
    'isXenon',
    'linuxFxVersion',
    'preWarmedInstanceCount',
    'use32BitWorkerProcess',
  ];

  test('and properties of the site are none that Flex Consumption does without', () => {
    const [app] = ofType(withAll.predictedResources, 'Microsoft.Web/sites');
    const properties = app?.properties as Record<string, unknown>;
    const names = [properties, properties['siteConfig'] as object, settingsOf(withAll)].flatMap(Object.keys);
    expect(names.filter((name) => refusedOnFlexConsumption.includes(name))).toEqual([]);
  });

  test('are left out rather than empty', () => {
    const values = Object.values(settingsOf(byDefault));
    expect(values).not.toContain('');
  });

  test('are understood by config', () => {
    for (const one of [byDefault, withAll, elsewhere]) {
      const config = readConfig(known(settingsOf(one)));
      expect(config).toMatchObject({ storage: { kind: 'identity' }, telemetryUsesIdentity: true });
    }
    expect(readConfig(known(settingsOf(elsewhere)))).toMatchObject({
      armEndpoint: 'https://management.usgovcloudapi.net',
      storage: { tableServiceUri: 'https://stw3g5p2v2lenxu.table.core.windows.net' },
    });
  });

  test('have the app’s defaults where the template has defaults', () => {
    const settings = settingsOf(byDefault);
    expect(settings).toMatchObject({
      SWEEP_SCHEDULE: defaultSweepSchedule,
      ARM_RESERVE_PERCENT: '25',
      POLICY_PATH: 'policies',
    });
  });

  test('begin with audit, unless somebody says otherwise', () => {
    expect(settingsOf(byDefault)['POLICY_MODE']).toBe('audit');
  });
});

describe('storage', () => {
  const { reviewsQueue, operationsQueue, outcomesQueue, operationsTable, ledgerTable, leasesContainer } =
    defaultStorageNames;

  test('has every queue that the app uses, and theirs for poison', () => {
    const queues = [reviewsQueue, operationsQueue, outcomesQueue];
    const wanted = queues.flatMap((queue) => [queue, `${queue}-poison`]);
    expect(namesOf('Microsoft.Storage/storageAccounts/queueServices/queues')).toEqual(wanted.sort());
    expect(wanted).toEqual(expect.arrayContaining(registered(/queueName: '([^']+)'/g)));
  });

  test('has every table that the app uses', () => {
    const wanted = [operationsTable, ledgerTable].sort();
    expect(namesOf('Microsoft.Storage/storageAccounts/tableServices/tables')).toEqual(wanted);
  });

  test('has the containers of the app, the package, the policy and undelivered events', () => {
    const wanted = ['app-package', 'dead-letter', leasesContainer, 'policies'].sort();
    expect(namesOf('Microsoft.Storage/storageAccounts/blobServices/containers')).toEqual(wanted);
  });

  test('takes tokens only', () => {
    for (const { properties } of ofType(withAll.predictedResources, 'Microsoft.Storage/storageAccounts'))
      expect(properties).toMatchObject({
        allowSharedKeyAccess: false,
        allowBlobPublicAccess: false,
        minimumTlsVersion: 'TLS1_2',
        supportsHttpsTrafficOnly: true,
      });
  });
});

test('telemetry and outcome events take tokens only', () => {
  const one = (type: string): unknown => ofType(withAll.predictedResources, type)[0]?.properties;
  expect(one('Microsoft.Insights/components')).toMatchObject({ DisableLocalAuth: true });
  expect(one('Microsoft.EventGrid/topics')).toMatchObject({
    disableLocalAuth: true,
    inputSchema: 'CloudEventSchemaV1_0',
  });
  expect(one('Microsoft.OperationalInsights/workspaces')).toMatchObject({
    features: { disableLocalAuth: true },
  });
});

test('nobody reaches the host’s own interface or signs in with a password', () => {
  const [app] = ofType(byDefault.predictedResources, 'Microsoft.Web/sites');
  expect(app?.properties).toMatchObject({ functionsRuntimeAdminIsolationEnabled: true, httpsOnly: true });
  const [scm] = ofType(
    byDefault.predictedResources,
    'Microsoft.Web/sites/basicPublishingCredentialsPolicies',
  );
  expect(scm?.properties).toEqual({ allow: false });
});

describe('functions', () => {
  test('events are delivered to a function that there is', () => {
    const destinations = ofType(
      snapshot('events-own').predictedResources,
      'Microsoft.EventGrid/systemTopics/eventSubscriptions',
    ).map(({ properties }) => properties?.['destination'] as Destination);
    expect(destinations).toHaveLength(2);
    for (const { endpointType, properties } of destinations) {
      expect(endpointType).toBe('AzureFunction');
      expect(registered(/app\.eventGrid\('([^']+)'/g)).toContain(
        properties.resourceId.split('/functions/')[1],
      );
    }
  });

  test('the runtime is one that the package is built for', () => {
    const { engines } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
      engines: { node: string };
    };
    const least = Number(/\d+/.exec(engines.node)?.[0]);
    const runtimes = [byDefault, withAll].map(({ predictedResources }) =>
      at(ofType(predictedResources, 'Microsoft.Web/sites')[0]?.properties, 'functionAppConfig', 'runtime'),
    );
    expect(runtimes).toEqual(['24', '22'].map((version) => ({ name: 'node', version })));
    const [, allowed = ''] =
      /@allowed\(\[(.*)\]\)\nparam nodeVersion/.exec(readText('infra/main.bicep')) ?? [];
    const versions = [...allowed.matchAll(/\d+/g)].map(Number);
    expect(versions).toEqual([22, 24]);
    expect(versions.filter((version) => version < least)).toEqual([]);
  });

  test('the host does as the app expects', () => {
    const host: unknown = JSON.parse(readFileSync(join(projectRoot, 'host.json'), 'utf8'));
    expect(host).toMatchObject({
      version: '2.0',
      // The app decodes queue messages itself, and a message is poison after five deliveries.
      extensions: { queues: { messageEncoding: 'none', maxDequeueCount: 5 } },
      extensionBundle: { id: 'Microsoft.Azure.Functions.ExtensionBundle', version: '[4.*, 5.0.0)' },
    });
    // An audit record is an event: none is sampled away.
    const sampling = at(host, 'logging', 'applicationInsights', 'samplingSettings');
    expect(at(sampling, 'excludedTypes')).toMatch(/\bEvent\b/);
  });
});

describe('environment variables', () => {
  const guide = readText('docs/deploy.md');
  const outputs = Object.keys(byDefault.outputs);
  const documented = (name: string): boolean => guide.includes(`\`${name}\``) || guide.includes(`${name}=`);

  test('that stage one is given by azd are documented', () => {
    const given = [...readText('infra/main.parameters.json').matchAll(/\$\{(\w+)\}/g)];
    expect(given.length).toBeGreaterThan(0);
    const names = given.map(([, name = '']) => name);
    expect(names.filter((name) => !documented(name) && !guide.includes(`set ${name} `))).toEqual([]);
  });

  test('that stage two reads are outputs of stage one, or documented', () => {
    const read = [...readText('infra/events/main.bicepparam').matchAll(/readEnvironmentVariable\('(\w+)'/g)];
    expect(read.length).toBeGreaterThan(0);
    const names = read.map(([, name = '']) => name);
    expect(names.filter((name) => !outputs.includes(name) && !documented(name))).toEqual([]);
  });
});

interface Destination {
  readonly endpointType: string;
  readonly properties: { readonly resourceId: string };
}

/** With what only a deployment tells. */
function known(settings: Record<string, string>): Record<string, string> {
  const told: Readonly<Record<string, string>> = {
    AZURE_CLIENT_ID: '11111111-1111-4111-8111-111111111111',
    AzureWebJobsStorage__clientId: '11111111-1111-4111-8111-111111111111',
    APPLICATIONINSIGHTS_CONNECTION_STRING:
      'InstrumentationKey=11111111-1111-4111-8111-111111111111;IngestionEndpoint=https://x-5.in.applicationinsights.azure.com/',
    EVENT_TOPIC_ENDPOINT: 'https://t.x.eventgrid.azure.net/api/events',
    CONSOLE_AUTHORITY: 'https://login.microsoftonline.us/',
  };
  const entries = Object.entries(settings).map(([name, value]) => [
    name,
    told[name] ?? filledIn(urlIn(value)),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

/** A URL whose suffix the cloud tells: `[format('https://{0}.blob.{1}', 'name', …)]`. */
function urlIn(value: string): string {
  const [, service, account] = /'https:\/\/\{0\}\.(\w+)\.\{1\}', '(\w+)'/.exec(value) ?? [];
  if (service === undefined) return value;
  const path = /'(\w+)'\)\]$/.exec(value)?.[1];
  return `https://${account}.${service}.core.windows.net${path === undefined ? '' : `/${path}`}`;
}

/** A text with one place that the deployment fills in: `[format('ClientId={0};…', …)]`. */
function filledIn(value: string): string {
  const [, text] = /^\[format\('([^']*\{0\}[^']*)',/.exec(value) ?? [];
  return text === undefined ? value : text.replace('{0}', '11111111-1111-4111-8111-111111111111');
}

function namesOf(type: string): string[] {
  return ofType(byDefault.predictedResources, type)
    .map(({ name }) => name.slice(name.lastIndexOf('/') + 1))
    .sort();
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((inner, name) => (inner as Record<string, unknown>)[name], value);
}

/** What the functions give when they register. */
function registered(pattern: RegExp): string[] {
  const folder = join(projectRoot, 'functions');
  return readdirSync(folder).flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(pattern)].map(([, found = '']) => found),
  );
}
