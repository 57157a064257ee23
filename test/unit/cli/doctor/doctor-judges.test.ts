import { ownStoreTypes } from '../../../../src/connections/target-type';
import {
  sampleConnection,
  sampleOperation,
  sampleRecord,
  sampleConnectionState,
} from '../../../../dev/lib/samples';
import { judgeApp, judgeRoles } from '../../../../src/cli/doctor/checks/deployment';
import { judgeTopicType, watchedTopics } from '../../../../src/cli/doctor/checks/events';
import { judgeIdentity } from '../../../../src/cli/doctor/checks/identity';
import { judgePending } from '../../../../src/cli/doctor/checks/pending';
import { judgePolicy } from '../../../../src/cli/doctor/checks/policy';
import { longestGapSeconds } from '../../../../src/cli/doctor/checks/schedule';
import { judgeSettings } from '../../../../src/cli/doctor/checks/settings';
import { judgePart } from '../../../../src/cli/doctor/checks/storage';
import { judgeSweep } from '../../../../src/cli/doctor/checks/sweep';
import { judgeVersions } from '../../../../src/cli/doctor/checks/versions';
import { deployedFilters, filtersFrom } from '../../../../src/cli/doctor/event-filters/deployed-filters';
import type { EventSubscription } from '../../../../src/events/event-subscription';
import type { Finding } from '../../../../src/cli/doctor/finding';
import { readConfig } from '../../../../src/config/config';
import type { Operation } from '../../../../src/operations/operation';
import { loadPolicy } from '../../../../src/policy/compile-policy';
import { FakeClock } from '../../../support/fakes/fake-clock';

const now = new Date('2026-01-05T12:00:00.000Z');
const ago = (minutes: number): string => new Date(now.getTime() - minutes * 60_000).toISOString();
/** What matters of findings: `level place`. */
const reported = (findings: readonly Finding[]): string[] =>
  findings.map(({ level, place }) => `${level} ${place}`);

describe('settings', () => {
  const good = {
    AzureWebJobsStorage__accountName: 'stpostern',
    APPLICATIONINSIGHTS_CONNECTION_STRING: 'InstrumentationKey=11111111-1111-4111-8111-111111111111',
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD',
  };
  const judge = (change: Record<string, string>): string[] => {
    const environment = { ...good, ...change };
    return reported(judgeSettings({ environment, config: readConfig(environment), problems: [] })).slice(1);
  };

  test.each([
    ['that are as they are deployed', {}, []],
    ['with audit mode', { POLICY_MODE: 'audit' }, ['warning POLICY_MODE']],
    ['as a standby', { STANDBY_AFTER: 'PT1H' }, ['warning STANDBY_AFTER']],
    ['with enforce mode', { POLICY_MODE: 'enforce' }, []],
    ['with a polling floor', { POLL_FLOOR_SECONDS: '1' }, ['warning POLL_FLOOR_SECONDS']],
    ['of an unknown cloud', { ARM_ENDPOINT: 'https://arm.example' }, ['warning ARM_ENDPOINT']],
    [
      'of another cloud than the storage',
      { ARM_ENDPOINT: 'https://management.usgovcloudapi.net' },
      ['warning AzureWebJobsStorage'],
    ],
    ['with a key', { AzureWebJobsStorage: 'UseDevelopmentStorage=true' }, ['warning AzureWebJobsStorage']],
    [
      'without telemetry',
      { APPLICATIONINSIGHTS_CONNECTION_STRING: '' },
      ['warning APPLICATIONINSIGHTS_CONNECTION_STRING'],
    ],
    [
      'with telemetry by key',
      { APPLICATIONINSIGHTS_AUTHENTICATION_STRING: '' },
      ['warning APPLICATIONINSIGHTS_AUTHENTICATION_STRING'],
    ],
  ])('settings %s', (_title, change, findings) => {
    expect(judge(change)).toEqual(findings);
  });

  test('every problem is reported at once', () => {
    const problems = [
      { setting: 'A', problem: 'must be b' },
      { setting: 'C', problem: 'must be d' },
    ];
    expect(reported(judgeSettings({ environment: {}, config: undefined, problems }))).toEqual([
      'problem A',
      'problem C',
    ]);
  });
});

describe('identity', () => {
  const identity = { clientId: 'AA', objectId: 'bb', tenantId: 'cc', isPerson: false };

  test.each([
    ['the app’s own, in another casing', 'aa', ['ok token']],
    ['none that is named', ' ', ['ok token']],
    ['another than the app’s', 'dd', ['ok token', 'warning AZURE_CLIENT_ID']],
  ])('%s', (_title, own, findings) => {
    expect(reported(judgeIdentity(identity, own))).toEqual(findings);
  });

  test('of a person is shown without the app, which is only the tool that signed in', () => {
    const [finding] = judgeIdentity({ ...identity, isPerson: true }, undefined);
    expect(finding?.message).toBe('signed in to Azure Resource Manager as user bb, tenant cc');
  });
});

describe('a part of the storage', () => {
  const clock = new FakeClock(now.toISOString());
  const reviews = { service: 'queue', name: 'reviews' } as const;
  const poison = { service: 'queue', name: 'reviews-poison' } as const;

  test.each([
    ['a table that is missing', { service: 'table', name: 'ledger' }, { kind: 'missing' }, 'warning'],
    ['a container that is there', { service: 'blob', name: 'leases' }, { kind: 'present' }, 'ok'],
    ['a poison queue that was never needed', poison, { kind: 'missing' }, 'ok'],
    ['an empty poison queue', poison, { kind: 'present', messages: 0 }, 'ok'],
    ['a poison queue with a message', poison, { kind: 'present', messages: 1 }, 'problem'],
    ['a queue in use', reviews, { kind: 'present', messages: 9, oldestAt: ago(14) }, 'ok'],
    ['a queue that nobody reads', reviews, { kind: 'present', messages: 9, oldestAt: ago(16) }, 'problem'],
    ['a queue whose messages are all hidden', reviews, { kind: 'present', messages: 9 }, 'ok'],
  ] as const)('%s', (_title, part, state, level) => {
    expect(judgePart(part, state, clock).level).toBe(level);
  });
});

describe('a policy', () => {
  const load = (text: string) => loadPolicy([{ path: 'p.yaml', text }]);
  const rule = '\nrules:\n  - name: all\n    effect: hold\n    when: "true"\n';

  test.each([
    ['that enforces', `version: 1\nmode: enforce${rule}`, ['ok p.yaml']],
    ['in audit mode', `version: 1${rule}`, ['ok p.yaml', 'warning p.yaml']],
    ['without rules', 'version: 1\nmode: enforce\n', ['ok p.yaml', 'warning p.yaml']],
    ['that does not load', 'version: 1\nmode: enforced\n', ['problem p.yaml:2:7', 'problem p.yaml']],
  ])('%s', (_title, text, findings) => {
    expect(reported(judgePolicy('p.yaml', load(text)))).toEqual(findings);
  });

  test('with a great many problems reports the first ones, and where to find the others', () => {
    const rules = Array.from(
      { length: 40 },
      (_, index) => `  - name: r${index}\n    effect: no\n    when: "true"\n`,
    );
    const findings = judgePolicy('p.yaml', load(`version: 1\nrules:\n${rules.join('')}`));
    expect(findings).toHaveLength(22);
    expect(findings[20]).toMatchObject({ message: 'and 20 more', fix: 'postern validate p.yaml' });
  });
});

describe('event subscriptions of one topic type', () => {
  const [wanted] = watchedTopics;
  const app = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/func';
  const toFunction = { kind: 'function', resourceId: `${app}/functions/onResourceEvent` } as const;
  const good: EventSubscription = {
    name: 'postern',
    provisioningState: 'Succeeded',
    destination: toFunction,
    includedEventTypes: wanted!.eventTypes,
    conditions: [],
    labels: [],
    hasDeadLetter: true,
    deadLetterIdentityId: undefined,
  };
  const topic = {
    id: '/t',
    name: 't',
    topicType: wanted!.topicType,
    source: '/subscriptions/s',
    provisioningState: 'Succeeded',
    identityIds: ['/Identities/Events'],
  };
  const judge = (subscriptions: readonly EventSubscription[], functionAppId?: string): string[] =>
    judgeTopicType('here', { wanted: wanted!, found: [{ topic, subscriptions }], functionAppId }).map(
      ({ level, message }) => `${level}: ${message}`,
    );

  test.each<[string, Partial<EventSubscription>, string]>([
    ['all well', {}, 'ok: postern delivers to onResourceEvent'],
    ['all types', { includedEventTypes: [] }, 'ok: postern delivers to onResourceEvent'],
    [
      'types in another casing',
      { includedEventTypes: wanted!.eventTypes.map((type) => type.toUpperCase()) },
      'ok: postern delivers to onResourceEvent',
    ],
    [
      'a type left out',
      { includedEventTypes: wanted!.eventTypes.slice(1) },
      'problem: postern does not deliver Microsoft.Resources.ResourceWriteSuccess',
    ],
    ['failed', { provisioningState: 'Failed' }, 'problem: postern is Failed'],
    [
      'no dead letters',
      { hasDeadLetter: false },
      'warning: postern has no dead-letter container: undelivered events are lost',
    ],
    [
      'a webhook of the function host',
      { destination: { kind: 'webhook', url: 'https://f.azurewebsites.net/runtime/webhooks/EventGrid' } },
      'warning: postern calls a webhook whose function is unknown',
    ],
    [
      'another function',
      { destination: { kind: 'function', resourceId: `${app}/functions/other` } },
      'problem: no event subscription delivers to onResourceEvent (event subscriptions to other destinations: 1)',
    ],
    [
      'a queue',
      { destination: { kind: 'other', endpointType: 'StorageQueue' } },
      'problem: no event subscription delivers to onResourceEvent (event subscriptions to other destinations: 1)',
    ],
  ])('%s', (_title, change, finding) => {
    expect(judge([{ ...good, ...change }])).toEqual([finding]);
  });

  const [condition] = deployedFilters.conditions.get(wanted!.topicType.toLowerCase()) ?? [];

  test.each<[string, Partial<EventSubscription>, string]>([
    [
      'the conditions of this version',
      { conditions: [condition!] },
      'ok: postern delivers to onResourceEvent',
    ],
    [
      'the same in another casing and order',
      {
        conditions: [
          {
            operatorType: 'stringcontains',
            key: condition!.key.toUpperCase(),
            values: condition!.values.map((value) => value.toLowerCase()).reverse(),
          },
        ],
      },
      'ok: postern delivers to onResourceEvent',
    ],
    [
      'wider ones',
      { conditions: [{ ...condition!, values: ['/privateEndpoint'] }] },
      'ok: postern delivers to onResourceEvent',
    ],
    [
      'those of an older version',
      { conditions: [{ ...condition!, values: condition!.values.slice(1) }] },
      `problem: postern has the conditions of an older version and does not deliver ${condition!.values[0]}`,
    ],
    [
      'those of the version that named each type',
      {
        conditions: [
          { ...condition!, operatorType: 'StringBeginsWith', values: ['Microsoft.KeyVault/vaults/private'] },
        ],
      },
      `problem: postern has a condition of an older version, which leaves out requests for other types of target: StringBeginsWith on ${condition!.key}: Microsoft.KeyVault/vaults/private; it is now StringContains on ${condition!.key}: ${condition!.values.slice(0, 3).join(', ')}`,
    ],
    [
      'one of somebody else',
      { conditions: [condition!, { operatorType: 'StringEndsWith', key: 'subject', values: ['-prod'] }] },
      'warning: postern has a condition that is in no template: StringEndsWith on subject: -prod',
    ],
    [
      'the identity that its topic carries',
      { deadLetterIdentityId: '/identities/events' },
      'ok: postern delivers to onResourceEvent',
    ],
    [
      'an identity that its topic does not carry',
      { deadLetterIdentityId: '/identities/lost' },
      'warning: the topic t lacks the identity that postern uses for its dead-letter container: undelivered events are lost',
    ],
  ])('with %s', (_title, change, finding) => {
    expect(judge([{ ...good, ...change }])).toEqual([finding]);
  });

  test.each([
    [['postern-0123456789ab-xyz'], []],
    [['mine'], []],
    [[], []],
    [['postern-ba9876543210-xyz'], ['warning']],
  ])('the label %j is held against the digest of this version', (labels, levels) => {
    const filters = { digest: '0123456789ab', conditions: new Map() };
    const found = [{ topic, subscriptions: [{ ...good, labels }] }];
    const findings = judgeTopicType('here', { wanted: wanted!, found, functionAppId: undefined, filters });
    expect(findings.map(({ level }) => level).filter((level) => level !== 'ok')).toEqual(levels);
  });

  test('one correct event subscription is enough', () => {
    expect(judge([{ ...good, name: 'old', provisioningState: 'Failed' }, good])).toEqual([
      'ok: postern delivers to onResourceEvent',
    ]);
  });

  test('only the given function app counts, not one with a longer name', () => {
    expect(judge([good], app.toUpperCase())).toEqual(['ok: postern delivers to onResourceEvent']);
    expect(judge([good], app.slice(0, -1))).toEqual([
      `problem: no event subscription delivers to onResourceEvent of ${app.slice(0, -1)} (event subscriptions to other destinations: 1)`,
    ]);
  });

  test('without a system topic there is nothing', () => {
    const findings = judgeTopicType('here', { wanted: wanted!, found: [], functionAppId: undefined });
    expect(reported(findings)).toEqual(['problem here']);
  });
});

describe('filters of the templates', () => {
  const topicType = 'Microsoft.Resources.Subscriptions';
  const advancedFilters = [{ operatorType: 'StringIn', key: 'k', values: ['v'] }];

  test.each([
    [
      'beside the type',
      { one: { topicType, advancedFilters }, delivery: { maxDeliveryAttempts: 30 } },
      undefined,
    ],
    [
      'in a filter',
      { digest: '0123456789ab', one: { topicType, filter: { advancedFilters } } },
      '0123456789ab',
    ],
  ])('are found %s', (_, file, digest) => {
    expect(filtersFrom(file)).toEqual({
      digest,
      conditions: new Map([[topicType.toLowerCase(), advancedFilters]]),
    });
  });

  test('are there for every topic that is listened to', () => {
    for (const { topicType: type } of watchedTopics)
      expect(deployedFilters.conditions.get(type.toLowerCase())?.[0]?.values).toContainEqual(
        expect.stringContaining('Microsoft.Network/privateEndpoints'),
      );
  });
});

describe('the function app', () => {
  const app = { state: 'Running', isPublic: true, functionState: 'ready' } as const;

  test.each([
    ['that is as it should be', app, ['ok here']],
    ['in another casing', { ...app, state: 'running' }, ['ok here']],
    ['that is not there', undefined, ['problem here']],
    ['that is stopped', { ...app, state: 'Stopped' }, ['problem here']],
    ['without the function', { ...app, functionState: 'missing' as const }, ['problem here']],
    ['whose function is switched off', { ...app, functionState: 'disabled' as const }, ['warning here']],
    ['that nobody reaches', { ...app, isPublic: false }, ['warning here']],
  ])('%s', (_, found, findings) => {
    expect(reported(judgeApp('here', found))).toEqual(findings);
  });
});

describe('Postern’s own roles', () => {
  const needed = {
    onTarget: (type: string) => [`${type}/read`, `${type}/privateEndpointConnections/write`],
    onSubscription: () => ['Microsoft.ResourceGraph/resources/read'],
    types: ownStoreTypes,
  };
  const role = (...actions: readonly string[]) => ({
    roleName: 'Postern Operator (prod abc, 1)',
    permissions: [{ actions, notActions: [] }],
  });
  const whole = role('*/read', '*/privateEndpointConnections/*');
  const old = role('*/read', 'Microsoft.KeyVault/*', 'Microsoft.Compute/*');
  const judge = (...roles: readonly (typeof whole)[]) =>
    judgeRoles('here', roles, needed).map(({ level, message }) => `${level}: ${message}`);

  test('with all actions are fine, and other roles are not checked', () => {
    expect(
      judge(whole, { ...old, roleName: 'Postern Doctor (prod abc, 1)' }, { ...old, roleName: 'Owner-like' }),
    ).toEqual(['ok: Postern Operator (prod abc, 1) has all actions of this version']);
  });

  test('that lack an action of this version are a problem', () => {
    expect(judge(old)).toEqual([
      'problem: Postern Operator (prod abc, 1) lacks Microsoft.ApiManagement/service/privateEndpointConnections/write',
    ]);
  });

  test('of another Postern, where one has all, are a warning', () => {
    expect(judge(whole, old).map((line) => line.split(':')[0])).toEqual(['ok', 'warning']);
  });

  test('that are not there are no finding: the rights may come from another role', () => {
    expect(judge()).toEqual([]);
  });
});

describe('api-versions', () => {
  const sent = [
    { type: 'Microsoft.KeyVault/vaults', apiVersion: '2024-11-01' },
    { type: 'Microsoft.KeyVault/managedHSMs', apiVersion: '2024-11-01' },
    { type: 'Microsoft.Network/privateEndpoints', apiVersion: '2024-05-01' },
  ];
  const judge = (versions: Record<string, readonly string[]>) =>
    judgeVersions('Microsoft.KeyVault', sent, new Map(Object.entries(versions)));

  test('that are supported are fine, and so is a type that the cloud does not have', () => {
    expect(reported(judge({ 'microsoft.keyvault/vaults': ['2022-07-01', '2024-11-01'] }))).toEqual([
      'ok Microsoft.KeyVault',
    ]);
  });

  test('that are not supported are problems, and the fix names the newest stable one', () => {
    const known = ['2021-10-01', '2022-07-01', '2025-01-01-preview'];
    const [finding, ...others] = judge({
      'microsoft.keyvault/vaults': known,
      'microsoft.keyvault/managedhsms': ['2024-11-01'],
    });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      level: 'problem',
      place: 'Microsoft.KeyVault/vaults',
      fix: 'set API_VERSIONS to Microsoft.KeyVault/vaults=2022-07-01, which this cloud supports',
    });
  });
});

describe('the longest time between two runs', () => {
  test.each([
    ['0 */15 * * * *', 900],
    ['*/15 * * * *', 900],
    ['0 0 * * * *', 3_600],
    ['30 5,35 * * * *', 1_800],
    ['0 0 8-18 * * *', 14 * 3_600],
    ['0 0 4 * * *', 86_400],
    ['0 5/20 * * * *', 1_200],
    ['* * * * * *', 1],
    ['01:30:00', undefined],
    ['0 0 2-22 * * SUN-SAT', 4 * 3_600],
    ['0 0 4 * * 1', undefined],
    ['0 0 4 * * MON-FRI', undefined],
    ['0 61 * * * *', undefined],
    ['0 */0 * * * *', 60],
    ['00:00:00', undefined],
    ['%SCHEDULE%', undefined],
  ])('of %s is %p seconds', (schedule, seconds) => {
    expect(longestGapSeconds(schedule)).toBe(seconds);
  });
});

describe('the last sweep', () => {
  const policy = { digest: 'd'.repeat(64), mode: 'enforce' } as const;
  const finished = (minutes: number, unread = 0) => ({
    startedAt: ago(minutes + 1),
    finishedAt: ago(minutes),
    source: 'graph' as const,
    connections: 3,
    targets: 2,
    asked: 1,
    inHand: 0,
    woken: 0,
    unread,
  });
  const judge = (state: Parameters<typeof judgeSweep>[0]['state'], schedule = '0 */15 * * * *') =>
    reported(judgeSweep({ state, schedule, now, policy }));

  test.each([
    ['there was none', {}, undefined, ['problem sweep']],
    ['within the hour', { last: finished(59) }, undefined, ['ok sweep']],
    ['too long ago', { last: finished(61) }, undefined, ['problem sweep']],
    ['by a slow schedule', { last: finished(179) }, '0 0 * * * *', ['ok sweep']],
    ['too long ago for a slow schedule', { last: finished(181) }, '0 0 * * * *', ['problem sweep']],
    ['by a schedule with days', { last: finished(7 * 1_440) }, '0 0 4 * * MON', ['ok sweep']],
    ['with subscriptions unread', { last: finished(1, 2) }, undefined, ['ok sweep', 'warning sweep']],
    [
      'while Resource Graph is silent',
      { last: finished(1), graphTroubleAt: ago(1) },
      undefined,
      ['ok sweep', 'warning sweep'],
    ],
    ['by this policy', { last: finished(1), policy }, undefined, ['ok sweep', 'ok policy']],
    [
      'by another policy',
      { last: finished(1), policy: { ...policy, digest: 'e' } },
      undefined,
      ['ok sweep', 'warning policy'],
    ],
    [
      'in another mode',
      { last: finished(1), policy: { ...policy, mode: 'audit' as const } },
      undefined,
      ['ok sweep', 'warning policy'],
    ],
  ])('%s', (_title, state, schedule, findings) => {
    expect(judge(state, schedule)).toEqual(findings);
  });
});

describe('a connection that is Pending for long', () => {
  const connection = sampleConnection();
  const place = connection.id;
  const firstSeen = ago(90);
  const judgeRow = (change: Parameters<typeof sampleConnectionState>[0], decided = sampleRecord()) => {
    const { level, message, fix } = judgePending(
      { connection, connectionState: sampleConnectionState({ firstSeen, ...change }), decided },
      now,
    );
    return [level, message, fix];
  };
  const withOperation = (change: Partial<Operation>) => judgeRow({ operation: sampleOperation(change) });
  const noOperation = { operation: undefined };

  test('that Postern never saw may be new', () => {
    expect(judgePending({ connection, connectionState: undefined, decided: undefined }, now)).toMatchObject({
      level: 'warning',
      place,
      message: 'Postern has not seen this connection as Pending',
    });
  });

  test('that could not be decided says why', () => {
    const unclear = { since: ago(80), why: 'its endpoint could not be read' };
    expect(judgeRow({ ...noOperation, decisionId: undefined, unclear }).slice(0, 2)).toEqual([
      'warning',
      'Pending for 90 min; could not be decided: its endpoint could not be read',
    ]);
  });

  test('that is seen and not decided is a problem', () => {
    expect(judgeRow({ ...noOperation, decisionId: undefined })).toEqual([
      'problem',
      'Pending for 90 min, seen but not decided',
      'check that the policy loads and that the app runs',
    ]);
  });

  test('that is held shows the rule and the reason', () => {
    const decided = sampleRecord({ effect: 'hold', rules: ['prod'], reason: 'Ask somebody' });
    expect(judgeRow(noOperation, decided).slice(0, 2)).toEqual([
      'warning',
      'Pending for 90 min, held by prod: Ask somebody',
    ]);
  });

  test('that no rule matched is held, too', () => {
    const decided = sampleRecord({ effect: 'hold', rules: [], reason: 'No rule matched' });
    expect(judgeRow(noOperation, decided)[1]).toBe('Pending for 90 min, held by no rule: No rule matched');
  });

  test('in audit mode shows what would be done', () => {
    expect(judgeRow(noOperation, sampleRecord({ mode: 'audit' })).slice(0, 2)).toEqual([
      'warning',
      'Pending for 90 min, audit mode: would approve (landing-zones, quota)',
    ]);
  });

  test('that is decided, with nothing under way, is a problem', () => {
    expect(judgeRow(noOperation)).toEqual([
      'problem',
      'Pending for 90 min, decided approve (landing-zones, quota), but no operation is running',
      `postern retry ${place}`,
    ]);
  });

  test('an operation of an earlier decision says nothing', () => {
    const operation = sampleOperation({ decisionId: 'd0', state: 'abandoned' });
    const decided = sampleRecord({ effect: 'hold', rules: ['prod'], reason: 'no' });
    expect(judgeRow({ operation }, decided)[0]).toBe('warning');
  });

  test.each<[string, Partial<Operation>, string, RegExp]>([
    ['running', {}, 'warning', /approve running; next check at 2026-01-05T12:00:11/],
    ['given up', { state: 'abandoned', error: 'no' }, 'problem', /approve abandoned: no$/],
    [
      'failed',
      { state: 'failed', error: 'no', retryAt: '2026-01-05T13:00:00.000Z' },
      'warning',
      /attempt 1 to approve failed: no; next attempt after 2026-01-05T13/,
    ],
    ['applied', { state: 'applied' }, 'problem', /is recorded as applied$/],
    [
      'held by a limit',
      { effect: 'reject', state: 'planned', limit: { state: 'held', lifts: 0, heldAt: ago(80) } },
      'warning',
      /reject held by the limit of rejects since 2026-01-05T10:40/,
    ],
  ])('with an operation that is %s', (_title, change, level, message) => {
    const finding = withOperation(change);
    expect(finding[0]).toBe(level);
    expect(finding[1]).toMatch(message);
  });
});
