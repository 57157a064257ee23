import type { DoctorSources } from '../../../../src/cli/doctor/sources';
import { ArmError } from '../../../../src/base/errors';
import { outlinePolicy } from '../../../../src/policy/analysis/rule-outline';
import { namedGroups } from '../../../../src/policy/lists/named-groups';
import { runTool } from '../../../support/rigs/cli';
import { armOf, wellDeploymentOf } from '../../../support/rigs/doctor';
import { sampleTarget } from '../../../../dev/lib/samples';

const microsoft = '33e01921-4d64-4f8c-a055-5bdaffd5e33d';
const shop = '11111111-1111-1111-1111-111111111111';
const frontDoor = 'c1bc5dd7-0000-4000-8000-000000000000';

function policy(rules: readonly string[], lists = '{}'): string {
  const all = rules.map((when, index) => `  - { name: rule-${index}, effect: approve, when: '${when}' }`);
  return ['version: 1', `lists: ${lists}`, 'rules:', ...all, ''].join('\n');
}

async function findingsOf(
  text: string,
  change: Partial<ReturnType<DoctorSources['arm']>> = {},
): Promise<string[]> {
  const arm = { ...armOf(sampleTarget()), ...change };
  const { output } = await runTool(['doctor', '--only', 'groups', '--json'], {
    doctorSources: () => wellDeploymentOf(text, { arm: () => arm }),
  });
  const { checks } = JSON.parse(output.join('\n')) as {
    checks: { findings: { level: string; place: string; message: string; fix?: string }[] }[];
  };
  return (checks[0]?.findings ?? []).map(
    ({ level, place, message, fix }) =>
      `${level} ${place}: ${message}${fix === undefined ? '' : ` → ${fix}`}`,
  );
}

const groupsIn = (...rules: string[]): string[] =>
  namedGroups(outlinePolicy([{ path: 'p.yaml', text: policy(rules) }])).map(({ id }) => id);

test.each<[string, string[]]>([
  ['"corp" in requester.managementGroups', ['corp']],
  [
    'target.tags.env == "prod" && ("corp" in requester.managementGroups || "Sandbox" in requester.managementGroups)',
    ['corp', 'Sandbox'],
  ],
  ['requester.managementGroups[0] == "corp"', ['corp']],
  ['requester.managementGroups.exists(g, g == "corp" || g in ["a", "b"])', ['corp', 'a', 'b']],
  ['requester.managementGroups.exists(g, sameId(g, "corp")) && requester.name == "pe"', ['corp']],
  ['["x", "y"].exists(g, g in requester.managementGroups)', []],
  ['requester.name == "corp" && size(requester.managementGroups) > 1', []],
  ['requester.managementGroups.exists(g, requester.name == "pe" && g == "corp")', ['corp']],
])('a condition names groups: %s', (when, ids) => {
  expect(groupsIn(when)).toEqual(ids);
});

test('a group is named once, whatever its case', () => {
  expect(groupsIn('"corp" in requester.managementGroups', '"CORP" in requester.managementGroups')).toEqual([
    'corp',
  ]);
});

test('groups that can be read are in order', async () => {
  const text = policy(
    ['endpoint.subscriptionId in lists.zones', '"sandbox" in requester.managementGroups'],
    '{ zones: { subscriptionsUnder: corp } }',
  );
  expect(await findingsOf(text)).toEqual([
    'ok p.yaml: all 2 management groups that the policy names can be read',
  ]);
});

test('a hidden group of a list is a problem, one of a condition a warning, each with its place and fix', async () => {
  const text = policy(
    ['endpoint.subscriptionId in lists.zones', '"sandbox" in requester.managementGroups'],
    '{ zones: { subscriptionsUnder: corp } }',
  );
  const managementGroups = { find: async () => [{ name: 'corp-of-others', tenantId: 'cc' }] };
  expect(await findingsOf(text, { managementGroups })).toEqual([
    "problem p.yaml:2: the management group corp is not visible: the list zones is absent, and its rules hold → assign the role Reader to Postern's identity at the management group corp, or correct its id (not its display name)",
    "warning p.yaml:5: the management group sandbox is not visible: requesters below it may not be known → assign the role Reader to Postern's identity at the management group sandbox, or correct its id (not its display name)",
  ]);
});

test('a policy that names none asks nobody', async () => {
  const never = () => Promise.reject(new Error('nobody is asked'));
  const found = await findingsOf(policy(['endpoint.name == "pe"']), {
    managementGroups: { find: never },
    tenantOf: never,
  });
  expect(found).toEqual(['ok p.yaml: the policy names no management group, and no subscription in a list']);
});

test('a subscription of Microsoft in a list that admits is a warning at its place', async () => {
  const text = policy(['endpoint.subscriptionId in lists.known'], `{ known: [${shop}, ${frontDoor}, hub] }`);
  const tenantOf = async (id: string) => (id === frontDoor ? microsoft : 'cc');
  expect(await findingsOf(text, { tenantOf })).toEqual([
    `warning p.yaml:2: the list known admits ${frontDoor}, which belongs to a service of Microsoft: whoever uses that service asks from it → remove it, or let the rule check more than the subscription: see docs/policy.md, Who asks`,
    'ok p.yaml: of no service of Microsoft: 1 subscription in lists',
  ]);
});

test('a list that only holds may name it', async () => {
  const text = policy(['endpoint.subscriptionId in lists.known'], `{ known: [${frontDoor}] }`).replace(
    'approve',
    'hold',
  );
  expect(await findingsOf(text, { tenantOf: async () => microsoft })).toEqual([
    'ok p.yaml: the policy names no management group, and no subscription in a list',
  ]);
});

test('what cannot be asked is said', async () => {
  const tenantOf = () => Promise.reject(new ArmError('ARM_THROTTLED', '429'));
  const text = policy(['endpoint.subscriptionId in lists.known'], `{ known: [${shop}] }`);
  expect(await findingsOf(text, { tenantOf })).toEqual([
    expect.stringMatching(/^problem p.yaml:2: not checked: ARM_THROTTLED/),
  ]);
});

test('a policy that does not load is left to its own check', async () => {
  expect(await findingsOf('version: 2')).toEqual([
    'warning p.yaml: not checked: the policy does not load → postern validate p.yaml',
  ]);
});
