import {
  createLocalAzure,
  createManualClock,
  localIdentity,
  type InProcessAzure,
  type SystemTopic,
} from '../../../dev/azure';
import {
  actionsOnSubscription,
  actionsOnTarget,
  doctorActions,
  endpointAction,
} from '../../../src/azure/roles/actions';
import { createStorage, type Storage } from '../../../src/azure/storage/storage';
import { createStorageClients } from '../../../src/azure/storage/clients';
import { createLiveDoctor } from '../../../src/cli/live/live-doctor';
import { systemClock } from '../../../src/base/clock';
import type { Environment } from '../../../src/config/config';
import { parseConnectionId } from '../../../src/connections/resource-id';
import { ownStoreTypes } from '../../../src/connections/target-type';
import { startAzurite, type RunningAzurite } from '../../../dev/lib/azurite';
import { runTool, type CliRun } from '../../support/rigs/cli';
import { now } from '../../support/samples/policy';
import { sampleOperation, sampleRecord, sampleConnectionState } from '../../../dev/lib/samples';
import { testEndpointId, testTarget } from '../../support/http/scripted-arm';

/** The whole of doctor over the production adapters: the local Azure for ARM, Azurite for storage. */
let azurite: RunningAzurite;
let azure: InProcessAzure;
let storage: Storage;
let environment: Environment;
let account = '';

const accounts = Array.from({ length: 16 }, (_, index) => `account${index}`);
const targets = ownStoreTypes.map((type) => testTarget(type));
const subscription = targets[0]!.subscriptionId;
const functionApp = `/subscriptions/${subscription}/resourceGroups/g/providers/Microsoft.Web/sites/func`;

beforeAll(async () => {
  azurite = await startAzurite({ accounts: [...accounts] });
});
afterAll(() => azurite.close());
afterEach(() => azure.close());

beforeEach(async () => {
  account = accounts.pop()!;
  const connectionString = azurite.connectionStringFor(account);
  environment = {
    AzureWebJobsStorage: connectionString,
    POLICY_PATH: 'docs/examples/policy.yaml',
    TARGET_TYPES: ownStoreTypes.join(),
  };
  storage = createStorage({
    clients: createStorageClients({ kind: 'connectionString', connectionString }, systemClock),
    clock: systemClock,
  });
  azure = createLocalAzure({ clock: createManualClock() });
  for (const { id } of targets) {
    const body = { location: 'westus', properties: {} };
    await azure.control.send(localIdentity, 'PUT', `${id}?api-version=2024-05-01`, body);
  }
});

/** What `infra/` gives the identity, and the event subscriptions that it makes. */
function deployWell(): void {
  grant([
    ...ownStoreTypes.flatMap(actionsOnTarget),
    ...actionsOnSubscription(),
    ...doctorActions,
    endpointAction,
    'Microsoft.Web/sites/read',
    'Microsoft.Web/sites/functions/read',
  ]);
  azure.deployed.functionApps.push({
    id: functionApp,
    functions: { onResourceEvent: { isDisabled: false } },
  });
  azure.systemTopics.push(
    topicOf('Microsoft.Resources.Subscriptions'),
    topicOf('Microsoft.ResourceNotifications.Resources'),
  );
}

function grant(actions: readonly string[]): void {
  azure.roles.splice(0);
  azure.roles.push({ principal: localIdentity.objectId, scope: '/', actions });
}

function topicOf(topicType: string, change: Record<string, string | null> = {}): SystemTopic {
  const destination = {
    endpointType: 'AzureFunction',
    properties: { resourceId: `${functionApp}/functions/onResourceEvent` },
  };
  const deadLetterDestination = { endpointType: 'StorageBlob', properties: {} };
  return {
    subscriptionId: subscription,
    resourceGroup: 'g',
    name: topicType.replaceAll('.', '-'),
    topicType,
    eventSubscriptions: [
      // A page of the list holds twenty.
      ...Array.from({ length: 25 }, (_, index) => ({
        name: `other-${index}`,
        properties: { destination: { endpointType: 'StorageQueue' } },
      })),
      { name: 'postern', properties: { destination, deadLetterDestination, ...change } },
    ],
  };
}

/** Everything that a running Postern has made. */
async function runOnce(): Promise<void> {
  const at = new Date(now.getTime() - 60_000).toISOString();
  const counts = { connections: 0, targets: 4, asked: 4, inHand: 0, woken: 0, unread: 0 };
  await storage.sweepJournal.write({
    last: { ...counts, source: 'lists', startedAt: at, finishedAt: at },
  });
  await storage.ledger.append([sampleRecord()]);
  const clients = createStorageClients(
    { kind: 'connectionString', connectionString: azurite.connectionStringFor(account) },
    systemClock,
  );
  for (const name of ['reviews', 'operations'])
    await clients.queue(name).use((queue) => queue.createIfNotExists());
  await clients.container('leases').use((container) => container.createIfNotExists());
}

function doctor(...args: string[]): Promise<CliRun> {
  const { credential, httpClient } = azure;
  const doctorSources = (settings: Environment) =>
    createLiveDoctor({
      environment: { ...environment, ...settings },
      onMalformed: () => undefined,
      arm: { credential, httpClient },
    });
  return runTool(['doctor', ...args], { doctorSources });
}

/** The lines of findings at one level, without their mends. */
async function reported(level: string, ...args: string[]): Promise<string[]> {
  const { output } = await doctor(...args);
  return output.filter((line) => line.startsWith(`  ${level} `)).map((line) => line.slice(11));
}

test('a correct deployment has no problem, and no token is printed', async () => {
  deployWell();
  await runOnce();
  const { exitCode, output, errors } = await doctor('--function-app', functionApp);
  expect({ exitCode, errors, problems: output.filter((line) => line.startsWith('  problem')) }).toEqual({
    exitCode: 0,
    errors: [],
    problems: [],
  });
  expect(output).toContain(
    `  ok       token: signed in to Azure Resource Manager as client ${localIdentity.appId}, object ${localIdentity.objectId}, tenant ${azure.tokens.tenantId}`,
  );
  expect(output).toContain('  ok       targets: no permission is missing on 4 targets');
  expect(output.join('\n')).not.toMatch(/eyJ|AccountKey|Eby8/);
});

describe('permissions', () => {
  test('an action that no role grants is reported on each of its targets', async () => {
    deployWell();
    const all = azure.roles[0]!.actions;
    grant(
      all.filter((action) => action !== 'Microsoft.Compute/diskAccesses/privateEndpointConnections/write'),
    );
    expect(await reported('problem', '--only', 'permissions')).toEqual([
      `${testTarget('Microsoft.Compute/diskAccesses').id}: Disk access: the identity lacks Microsoft.Compute/diskAccesses/privateEndpointConnections/write`,
    ]);
  });

  test('a role on the resource group only lacks the actions on the subscription', async () => {
    deployWell();
    const { actions } = azure.roles[0]!;
    azure.roles.splice(0);
    const scope = targets[0]!.id.split('/providers/')[0]!;
    azure.roles.push(
      { principal: localIdentity.objectId, scope, actions },
      {
        principal: localIdentity.objectId,
        scope: `/subscriptions/${subscription}`,
        actions: [...doctorActions, 'Microsoft.Resources/subscriptions/resources/read'],
      },
    );
    const warnings = await reported('warning', '--only', 'permissions');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /lacks Microsoft\.Compute\/locations\/diskOperations\/read, .* on the subscription/,
    );
  });

  test('a caller without the permission to check sees which action is needed', async () => {
    azure.deny.push({ action: 'Microsoft.Authorization/permissions/read' });
    const { exitCode, output } = await doctor('--only', 'permissions');
    expect(exitCode).toBe(0);
    expect(output).toContain(
      '           fix: to check this, give the identity that runs doctor the action Microsoft.Authorization/permissions/read',
    );
  });
});

describe('the deployment', () => {
  const other = '33333333-3333-4333-8333-333333333333';

  test('a subscription with a target that is not in the list is reported', async () => {
    const id = targets[0]!.id.replace(subscription, other);
    await azure.control.send(localIdentity, 'PUT', `${id}?api-version=2024-05-01`, {
      location: 'westus',
      properties: {},
    });
    deployWell();
    environment = { ...environment, SWEEP_SUBSCRIPTIONS: subscription };
    const [warning, ...rest] = await reported('warning', '--only', 'deployment');
    expect(rest).toEqual([]);
    expect(warning).toContain(
      `${other}: SWEEP_SUBSCRIPTIONS does not contain this subscription, which has 1 target`,
    );
  });

  test('a role of an older version lacks actions of this one', async () => {
    deployWell();
    const actions = ownStoreTypes.slice(1).flatMap(actionsOnTarget).concat(actionsOnSubscription());
    azure.deployed.roles.push({
      subscriptionId: subscription,
      roleName: 'Postern Operator (prod abc, 1)',
      actions,
    });
    const [problem] = await reported('problem', '--only', 'deployment');
    expect(problem).toContain(
      `Postern Operator (prod abc, 1) lacks ${actionsOnTarget(ownStoreTypes[0]).join(', ')}`,
    );
  });

  test('a function that Event Grid cannot deliver to is reported', async () => {
    deployWell();
    azure.deployed.functionApps.splice(0, 1, { id: functionApp, state: 'Stopped', functions: {} });
    const problems = await reported('problem', '--only', 'deployment', '--function-app', functionApp);
    expect(problems).toEqual([
      `${functionApp}: the app is Stopped, so nothing is answered`,
      expect.stringContaining('the app has no function onResourceEvent'),
    ]);
  });

  test('an app that does not exist, or may not be read, is reported', async () => {
    deployWell();
    const ask = (level: string) => reported(level, '--only', 'deployment', '--function-app', functionApp);
    azure.deployed.functionApps.splice(0);
    expect(await ask('problem')).toEqual([`${functionApp}: there is no such function app`]);
    azure.deny.push({ action: 'Microsoft.Web/sites/read' });
    expect(await ask('warning')).toEqual([
      `${functionApp}: not checked: the identity that runs doctor lacks Microsoft.Web/sites/read`,
    ]);
  });
});

describe('event subscriptions', () => {
  test('of a subscription without any are a problem for both types', async () => {
    expect(await reported('problem', '--only', 'events')).toEqual([
      `${subscription} Microsoft.Resources.Subscriptions: there is no system topic`,
      `${subscription} Microsoft.ResourceNotifications.Resources: there is no system topic`,
    ]);
  });

  test('that failed, or that deliver elsewhere, are distinguished', async () => {
    azure.systemTopics.push(
      topicOf('Microsoft.Resources.Subscriptions', { provisioningState: 'Failed' }),
      topicOf('microsoft.resourcenotifications.resources', {
        destination: null,
        deadLetterDestination: null,
      }),
    );
    expect(await reported('problem', '--only', 'events')).toEqual([
      `${subscription} Microsoft.Resources.Subscriptions: postern is Failed`,
      `${subscription} Microsoft.ResourceNotifications.Resources: no event subscription delivers to onResourceEvent (event subscriptions to other destinations: 26)`,
    ]);
  });

  test('that may not be read are a warning that names the action', async () => {
    azure.deny.push({ action: 'Microsoft.EventGrid/*' });
    const { exitCode, output } = await doctor('--only', 'events');
    expect(exitCode).toBe(0);
    expect(output).toContain(
      '           fix: to check this, give the identity that runs doctor the action Microsoft.EventGrid/systemTopics/read',
    );
  });
});

describe('storage', () => {
  test('of an app that never ran is reported as missing, and nothing is created', async () => {
    const missing = [
      'container leases',
      'queue reviews',
      'queue operations',
      'table operations',
      'table ledger',
    ];
    const lines = ['5 places: does not exist yet'];
    const { output } = await doctor('--only', 'storage', '--all');
    for (const part of missing) expect(output).toContain(`             ${part}`);
    expect(await reported('warning', '--only', 'storage')).toEqual(lines);
    expect(await reported('problem', '--only', 'sweep,operations')).toEqual([
      'sweep: no sweep has ever finished',
      'operations: not checked: STORE_UNAVAILABLE: the table operations does not exist: the app has never run with this storage',
    ]);
    expect(await reported('warning', '--only', 'storage')).toEqual(lines);
  });

  test('with poison messages is a problem, and the messages stay', async () => {
    await runOnce();
    const { queue } = createStorageClients(
      { kind: 'connectionString', connectionString: azurite.connectionStringFor(account) },
      systemClock,
    );
    await queue('reviews-poison').use((client) => client.sendMessage('secret'));
    const problem = 'queue reviews-poison: about 1 message that failed five times';
    expect(await reported('problem', '--only', 'storage')).toEqual([problem]);
    expect(await reported('problem', '--only', 'storage')).toEqual([problem]);
  });
});

test('the oldest Pending connections are reported with the rule that holds them, or the abandoned operation', async () => {
  const [vault] = targets;
  const seed = (connectionName: string) =>
    azure.control.seed({
      targetId: vault!.id,
      connectionName,
      endpointId: testEndpointId,
      status: 'Pending',
    });
  const [held, given] = [parseConnectionId(seed('held')), parseConnectionId(seed('given'))];
  const decided = sampleRecord({
    id: 'd7|decided',
    decisionId: 'd7',
    target: vault!.id,
    effect: 'hold',
    rules: ['prod'],
    reason: 'Ask somebody',
  });
  await storage.ledger.append([decided]);
  const abandoned = sampleOperation({
    state: 'abandoned',
    error: 'ARM_FORBIDDEN: no',
    endedAt: now.toISOString(),
  });
  await storage.operationStore.save(vault!, [
    {
      connection: held,
      endpointKey: '',
      status: 'Pending',
      generation: 0,
      decisionId: 'd7',
      firstSeen: '2026-01-04T11:59:00.000Z',
    },
    sampleConnectionState({ connection: given, operation: abandoned }),
  ]);
  const { exitCode, output } = await doctor('--only', 'pending,operations');
  expect(exitCode).toBe(1);
  expect(
    output.filter((line) => /^ {2}(?:problem|warning)/.test(line)).map((line) => line.slice(11)),
  ).toEqual([
    `${given.id}: approve abandoned, since ${now.toISOString()}: ARM_FORBIDDEN: no`,
    `${held.id}: Pending for 56 d, held by prod: Ask somebody`,
    `${given.id}: Pending for 55 d, approve abandoned: ARM_FORBIDDEN: no`,
  ]);
});

test('an app with another policy than the one that doctor reads is a warning with both', async () => {
  await runOnce();
  const last = (await storage.sweepJournal.read()).last;
  await storage.sweepJournal.write({ last, policy: { digest: 'e'.repeat(64), mode: 'audit' } });
  const [warned] = await reported('warning', '--only', 'sweep');
  expect(warned).toMatch(
    /^policy: the last sweep used digest eeeeeeeeeeee in mode audit, but doctor read digest /,
  );
});

test('all wrong settings are reported, and the checks that do not need them still run', async () => {
  await runOnce();
  environment = {
    ...environment,
    SWEEP_SCHEDULE: 'often',
    ARM_ENDPOINT: 'http://arm',
    SWEEP_SUBSCRIPTIONS: 'mine',
  };
  const problems = await reported('problem');
  expect(problems.slice(0, 3).map((line) => line.split(':')[0])).toEqual([
    'ARM_ENDPOINT',
    'SWEEP_SUBSCRIPTIONS',
    'SWEEP_SCHEDULE',
  ]);
  const checked = await reported('ok', '--only', 'storage,policy');
  expect(checked).toContain('table ledger: exists');
  expect(checked.at(-1)).toMatch(/^docs\/examples\/policy\.yaml: loads: 3 rules/);
});
