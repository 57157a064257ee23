import { runNode } from '../../support/repo/project';
import { createStubAz, type AzAnswer, type StubAz } from '../../support/repo/stub-az';

const home = '00000000-0000-4000-8000-000000000000';
const watched = '11111111-1111-4111-8111-111111111111';
const former = '22222222-2222-4222-8222-222222222222';
const token = 'abcdefghijklm';
const group = `/subscriptions/${home}/resourceGroups/rg-postern`;
const app = `${group}/providers/Microsoft.Web/sites/func-${token}`;
const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-events-${token}`;
const management = '/providers/Microsoft.Management/managementGroups/corp';
const principal = 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa';
const eventsPrincipal = 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb';
const policyPrincipal = 'cccccccc-cccc-4ccc-8ccc-cccccccccccc';
const operator = 'dddddddd-dddd-4ddd-8ddd-dddddddddddd';
const formerOperator = 'eeeeeeee-eeee-4eee-8eee-eeeeeeeeeeee';

const outputs = {
  AZURE_ENV_NAME: 'prod',
  POSTERN_FUNCTION_APP_ID: app,
  POSTERN_EVENTS_IDENTITY_ID: identity,
  POSTERN_PRINCIPAL_ID: principal,
  POSTERN_EVENT_SOURCES: JSON.stringify([watched.toUpperCase()]),
};

const scopeOf = (id: string) => `/subscriptions/${id}`;
const reply = (value: unknown): AzAnswer => ({ stdout: JSON.stringify(value) });
const list = (...value: readonly unknown[]): readonly AzAnswer[] => [reply({ value })];

const topicOf = (subscription: string) =>
  `${scopeOf(subscription)}/resourceGroups/rg-events/providers/Microsoft.EventGrid/systemTopics/egst-postern-operations-${token}`;
const subscriptionOf = (subscription: string) =>
  `${topicOf(subscription)}/eventSubscriptions/evgs-prod-${token}`;
const alertOf = (subscription: string) =>
  `${scopeOf(subscription)}/resourceGroups/rg-events/providers/Microsoft.Insights/metricAlerts/evgs-prod-${token}-operations`;
const roleOf = (scope: string, name: string) => ({
  id: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${name.replaceAll(' ', '-').toLowerCase()}`,
  name: name.replaceAll(' ', '-').toLowerCase(),
  properties: { roleName: `${name} (prod ${token}, x)`, assignableScopes: [scope] },
});
const assignmentOf = (scope: string, name: string, role: string, principalId: string) => ({
  id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
  properties: {
    roleDefinitionId: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
    principalId,
  },
});

/** Answers for what stage two has made in one subscription. */
function eventsIn(
  subscription: string,
  others: readonly unknown[] = [],
): Record<string, readonly AzAnswer[]> {
  const at = scopeOf(subscription);
  const topic = {
    id: topicOf(subscription),
    name: topicOf(subscription).split('/').at(-1),
    identity: { userAssignedIdentities: { [identity.toLowerCase()]: {} } },
  };
  const destination = { properties: { resourceId: `${app}/functions/onResourceEvent` } };
  const own = { id: subscriptionOf(subscription), name: `evgs-prod-${token}`, properties: { destination } };
  return {
    [`${topic.id}/eventSubscriptions`]: list(own, ...others),
    [`${at}/providers/Microsoft.EventGrid/systemTopics`]: list(topic, {
      id: `${at}/resourceGroups/x/providers/t/y/mine`,
      name: 'mine',
    }),
    [`${at}/resourceGroups/x/providers/t/y/mine/eventSubscriptions`]: list({
      id: 'z',
      name: 'z',
      properties: { destination: { id: 'elsewhere' } },
    }),
    [`${at}/resourcegroups?`]: list(),
    [`${at}/resourcegroups/rg-events/resources`]: list(
      { id: topic.id, name: topic.name, type: 'Microsoft.EventGrid/systemTopics' },
      {
        id: alertOf(subscription),
        name: alertOf(subscription).split('/').at(-1),
        type: 'Microsoft.Insights/metricAlerts',
      },
    ),
  };
}

const operatorRole = (subscription: string) => roleOf(scopeOf(subscription), 'Postern Operator');

/** An estate from whose list one subscription was taken. */
function estate(): Record<string, readonly AzAnswer[]> {
  const rolesOf = (scope: string) => `${scope}/providers/Microsoft.Authorization/roleDefinitions?`;
  const assignmentsOf = (scope: string) => `${scope}/providers/Microsoft.Authorization/roleAssignments?`;
  const policiesOf = (scope: string) => `${scope}/providers/Microsoft.Authorization/policyAssignments?`;
  const doctor = roleOf(scopeOf(watched), 'Postern Doctor');
  return {
    'account show': [{}],
    'rest --method delete': [{}],
    [`${identity}?`]: [reply({ properties: { principalId: eventsPrincipal } })],
    '/providers/Microsoft.Management/managementGroups?': list(),
    '--url /subscriptions?': [
      reply({
        value: [{ subscriptionId: watched }, { subscriptionId: home }],
        nextLink: 'https://arm.test/page?%24skiptoken=2',
      }),
    ],
    'https://arm.test/page?': list({ subscriptionId: former }),
    ...eventsIn(watched),
    ...eventsIn(former),
    [`${scopeOf(home)}/providers/Microsoft.EventGrid/systemTopics`]: list(),
    [`${scopeOf(home)}/resourcegroups?`]: list(),
    [policiesOf(scopeOf(former))]: list({ name: 'SecurityCenterBuiltIn' }),
    [policiesOf(scopeOf(home))]: list(),
    [rolesOf(scopeOf(watched))]: list(
      operatorRole(watched),
      doctor,
      roleOf(scopeOf(watched), 'Somebody Else'),
    ),
    [assignmentsOf(scopeOf(watched))]: list(
      assignmentOf(scopeOf(watched), 'a1', 'postern-operator', principal),
      assignmentOf(scopeOf(watched), 'a2', 'postern-doctor', operator),
      assignmentOf(scopeOf(watched), 'a3', 'postern-doctor', formerOperator),
      assignmentOf(scopeOf(watched), 'a4', 'somebody-else', operator),
    ),
    [rolesOf(scopeOf(former))]: list(operatorRole(former)),
    [assignmentsOf(scopeOf(former))]: list(
      assignmentOf(scopeOf(former), 'b1', 'postern-operator', principal.toUpperCase()),
      assignmentOf(`${scopeOf(former)}/resourceGroups/g`, 'b2', 'reader', principal),
      assignmentOf('/providers/Microsoft.Management/managementGroups/corp', 'b3', 'reader', principal),
    ),
    [rolesOf(scopeOf(home))]: list(),
    // Inside the group of the app: what operators have of its storage.
    [assignmentsOf(group)]: list(
      assignmentOf(`${group}/providers/s/a/st`, 'd1', 'blob-contributor', operator),
      assignmentOf(`${group}/providers/s/a/st`, 'd2', 'blob-contributor', formerOperator),
      assignmentOf(`${group}/providers/s/a/st`, 'd3', 'blob-contributor', policyPrincipal),
    ),
    [assignmentsOf(scopeOf(home))]: list(
      assignmentOf(`${group}/providers/s/a/st`, 'c1', 'blob-owner', principal),
    ),
  };
}

const stubs: StubAz[] = [];
afterEach(() => {
  for (const stub of stubs.splice(0)) stub.remove();
});

async function run(args: readonly string[], answers = estate(), environment: object = outputs) {
  const stub = createStubAz(answers);
  stubs.push(stub);
  const { code, stdout, stderr } = await runNode(['scripts/deployment.mjs', ...args], {
    ...environment,
    PATH: stub.path,
  });
  const deleted = stub
    .calls()
    .filter((call) => call.includes('delete'))
    .map((call) => call[4]?.split('?')[0]);
  return { code, lines: stdout.trimEnd().split('\n'), error: stderr, deleted, calls: stub.calls() };
}

interface Item {
  readonly kind: string;
  readonly id: string;
  readonly wanted: boolean;
  readonly keep?: string;
  readonly note?: string;
}

async function itemsOf(answers = estate(), environment: object = outputs): Promise<readonly Item[]> {
  const { lines } = await run(['list', '--json'], answers, environment);
  return (JSON.parse(lines.join('\n')) as { items: Item[] }).items;
}

const leftOver = [
  subscriptionOf(former),
  alertOf(former),
  topicOf(former),
  `${scopeOf(former)}/resourcegroups/rg-events`,
  `${scopeOf(former)}/providers/Microsoft.Authorization/roleAssignments/b1`,
  `${scopeOf(former)}/providers/Microsoft.Authorization/roleDefinitions/postern-operator`,
].map((id) => id.toLowerCase());

describe('the list', () => {
  test('has everything in every subscription, and tells what is left over from a list that got shorter', async () => {
    const items = await itemsOf();
    const ids = (wanted: boolean) =>
      items.filter((item) => item.wanted === wanted).map(({ id }) => id.toLowerCase());
    expect(ids(false).toSorted()).toEqual(leftOver.toSorted());
    expect(ids(true)).toEqual(
      expect.arrayContaining([
        subscriptionOf(watched).toLowerCase(),
        topicOf(watched).toLowerCase(),
        alertOf(watched).toLowerCase(),
      ]),
    );
    expect(items.filter(({ id }) => id.includes('mine') || id.includes('somebody'))).toEqual([]);
  });

  test('shows what the identity was given by hand, and does not call it left over', async () => {
    const [given] = (await itemsOf()).filter(({ id }) => id.endsWith('/b2'));
    expect(given).toMatchObject({ wanted: true, note: expect.stringContaining('given by hand') });
  });

  test('of operators is held against the list of them where there is one', async () => {
    const leftOf = async (environment: object) =>
      (await itemsOf(estate(), environment))
        .filter(({ id, wanted }) => !wanted && (id.includes(watched) || id.startsWith(group)))
        .map(({ id }) => id.split('/').at(-1));
    expect(await leftOf(outputs)).toEqual([]);
    const operators = JSON.stringify([{ principalId: operator, principalType: 'User' }]);
    expect((await leftOf({ ...outputs, POSTERN_OPERATORS: operators })).toSorted()).toEqual(['a3', 'd2']);
    expect((await leftOf({ ...outputs, POSTERN_OPERATORS: '[]' })).toSorted()).toEqual([
      'a2',
      'a3',
      'd1',
      'd2',
      'postern-doctor',
    ]);
  });

  test('takes a subscription for watched where an onboarding policy applies, seen from below', async () => {
    const policies = `${scopeOf(former)}/providers/Microsoft.Authorization/policyAssignments?`;
    const items = await itemsOf({ ...estate(), [policies]: list({ name: `postern-${token}` }) });
    expect(
      items.filter(({ kind, wanted }) => !wanted && !kind.startsWith('role')).map(({ id }) => id),
    ).toEqual([]);
  });

  test('says what could not be looked at, and calls nothing of it left over', async () => {
    const topics = `${scopeOf(former)}/providers/Microsoft.EventGrid/systemTopics`;
    const forbidden = 'ERROR: Forbidden({"error":{"code":"AuthorizationFailed","message":"no right"}})';
    const { lines } = await run(['list'], { ...estate(), [topics]: [{ stderr: forbidden }] });
    expect(lines).toContain(
      `Not looked at, there may be more: ${scopeOf(former)}, events: AuthorizationFailed: no right`,
    );
    expect(lines.filter((line) => line.includes(topicOf(former)))).toEqual([]);
  });
});

describe('onboarding of a management group', () => {
  const at = `${management}/providers/Microsoft.Authorization`;
  const set = `${at}/policySetDefinitions/postern-events-${token}`;
  const definition = `${at}/policyDefinitions/postern-events-${token}`;
  const assignment = (name: string, id: string) => ({
    id: `${at}/policyAssignments/${name}`,
    name,
    identity: { principalId: policyPrincipal },
    properties: { policyDefinitionId: id },
  });
  const answers = () => ({
    ...estate(),
    '/providers/Microsoft.Management/managementGroups?': list({ id: management }),
    [`${at}/policyAssignments?`]: list(
      assignment(`postern-${token}`, set),
      assignment('postern-other', `${set}-other`),
    ),
    [`${set}-other?`]: [
      reply({ id: `${set}-other`, properties: { parameters: { functionAppId: { value: '/other' } } } }),
    ],
    [`${set}?`]: [
      reply({
        id: set,
        properties: {
          policyDefinitions: [
            { policyDefinitionId: definition, parameters: { functionAppId: { value: app.toUpperCase() } } },
          ],
        },
      }),
    ],
    [`${definition}?`]: [reply({ id: definition, properties: {} })],
    [`${at}/roleDefinitions?`]: list({
      ...roleOf(management, 'Postern Onboarding'),
      properties: { roleName: 'Postern Onboarding (prod x, corp)', assignableScopes: [management] },
    }),
    [`${at}/roleAssignments?`]: list(assignmentOf(management, 'm1', 'postern-onboarding', policyPrincipal)),
    [`${scopeOf(home)}/providers/Microsoft.Authorization/roleDefinitions?`]: list(
      roleOf(group, 'Postern Event Destination'),
    ),
    [`${scopeOf(home)}/providers/Microsoft.Authorization/roleAssignments?`]: list(
      assignmentOf(`${group}/providers/s/a/st`, 'c1', 'postern-event-destination', policyPrincipal),
    ),
  });

  test('is listed with its policies and the roles of its identity, those in the group of the app among them', async () => {
    const items = await itemsOf(answers());
    const ids = items
      .filter(({ id }) => id.startsWith(management) || id.startsWith(group))
      .map(({ id }) => id);
    expect(ids).toEqual(
      expect.arrayContaining([
        `${at}/policyAssignments/postern-${token}`,
        set,
        definition,
        `${at}/roleAssignments/m1`,
        `${at}/roleDefinitions/postern-onboarding`,
        `${group}/providers/s/a/st/providers/Microsoft.Authorization/roleAssignments/c1`,
        `${group}/providers/Microsoft.Authorization/roleDefinitions/postern-event-destination`,
      ]),
    );
    expect(ids.filter((id) => id.includes('other'))).toEqual([]);
  });

  test('goes with everything: assignments before roles, what is assigned before what it is made of', async () => {
    const { deleted } = await run(['remove', '--everything', '--yes'], answers());
    const places = [
      `${at}/roleAssignments/m1`,
      `${at}/roleDefinitions/postern-onboarding`,
      `${at}/policyAssignments/postern-${token}`,
      set,
      definition,
    ].map((id) => deleted.indexOf(id));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });
});

describe('removal', () => {
  test('without --yes shows what would go, and deletes nothing', async () => {
    const { code, lines, deleted } = await run(['remove']);
    expect([code, deleted]).toEqual([0, []]);
    expect(lines.filter((line) => line.startsWith('Would be removed: '))).toHaveLength(leftOver.length);
    expect(lines.at(-1)).toContain('Nothing was removed');
  });

  test('with --yes removes what is left over, what holds others last', async () => {
    const { code, deleted } = await run(['remove', '--yes']);
    expect(code).toBe(0);
    expect(deleted.map((id) => id?.toLowerCase())).toEqual(leftOver);
  });

  test('leaves a topic that others subscribe to, and its group', async () => {
    const others = [
      {
        id: 'o',
        name: 'their-subscription',
        properties: { destination: { properties: { resourceId: '/else' } } },
      },
    ];
    const { lines, deleted } = await run(['remove', '--yes'], { ...estate(), ...eventsIn(former, others) });
    expect(deleted).toEqual([
      subscriptionOf(former),
      alertOf(former),
      expect.stringContaining('/b1'),
      expect.stringContaining('postern-operator'),
    ]);
    expect(lines.filter((line) => /^Removed: (?:system topic|resource group)/.test(line))).toEqual([]);
  });

  test('that fails in one place goes on, and ends as a failure', async () => {
    const locked = {
      stderr: 'ERROR: Conflict({"error":{"code":"ScopeLocked","message":"The scope is locked."}})',
    };
    const { code, lines, deleted } = await run(['remove', '--yes'], {
      ...estate(),
      'rest --method delete': [locked, {}],
    });
    expect([code, deleted.length]).toEqual([1, leftOver.length]);
    expect(lines[0]).toMatch(/^Not removed: event subscription .*: ScopeLocked: The scope is locked\.$/);
  });

  test('of everything never takes the group with the ledger, and says how', async () => {
    const { lines, deleted } = await run(['remove', '--everything', '--yes']);
    expect(deleted).toContain(subscriptionOf(watched));
    expect(deleted).not.toContain(group);
    expect(lines.at(-1)).toContain('az group delete --name rg-postern');
  });
});

test.each([
  [
    'the list of watched subscriptions',
    { POSTERN_EVENT_SOURCES: '' },
    'Missing in the environment: POSTERN_EVENT_SOURCES',
  ],
  [
    'a list that is none',
    { POSTERN_EVENT_SOURCES: 'all' },
    'POSTERN_EVENT_SOURCES must be a JSON list of ids: all',
  ],
  ['the app', { POSTERN_FUNCTION_APP_ID: '/x' }, 'POSTERN_FUNCTION_APP_ID is not the id of a function app'],
])('without %s nothing is asked', async (_, change, message) => {
  const { code, error, calls } = await run(['remove', '--yes'], estate(), { ...outputs, ...change });
  expect([code, calls]).toEqual([1, []]);
  expect(error).toContain(message);
});

test.each([[[]], [['destroy']], [['list', '--all']]])('%j is told how to ask', async (args) => {
  const { code, error } = await run(args);
  expect(code).toBe(1);
  expect(error).toMatch(/Usage: node scripts\/deployment\.mjs|Unknown option/);
});
