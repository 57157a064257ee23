import { knownMicrosoftTenants } from '../../../../src/policy/facts/microsoft-tenants';
import type { Facts } from '../../../../src/policy/facts/facts';
import { analyzePolicy } from '../../../../src/policy/analysis/analyze-policy';
import { facts, now, policyOf, policyText } from '../../../support/samples/policy';

const own = '996fe9d1-6171-40aa-945b-4c64b63bf655';
const other = '0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b';
const [ame = ''] = knownMicrosoftTenants;
const pme = '975f013f-7f24-47e8-a7d3-abc4752bf346';

function asking(endpointTenant: string | undefined, targetTenant: string | undefined = own): Facts {
  const endpoint = facts.endpoint && { ...facts.endpoint, tenantId: endpointTenant };
  return { ...facts, endpoint, target: { ...facts.target, tenantId: targetTenant } };
}

const approving = (when: string) => policyOf(policyText([{ when, effect: 'approve' }]));
const decide = (when: string, about: Facts): string | undefined => approving(when).decide(about, now)?.effect;

test.each<[string, string | undefined, string | undefined, string | undefined]>([
  ['of the target', own, own, 'own'],
  ['of the target, in capitals', own.toUpperCase(), own, 'own'],
  ['of Microsoft', ame, own, 'microsoft'],
  ['of Microsoft that is the target’s own', ame, ame, 'own'],
  ['of Microsoft, and the target’s is unknown', ame, undefined, 'microsoft'],
  ['of others', other, own, 'other'],
  ['of the people of Microsoft: no service', '72f988bf-86f1-41af-91ab-2d7cd011db47', own, 'other'],
  ['of nobody knows whom, because the target’s is unknown', other, undefined, undefined],
  ['that ARM does not tell', undefined, own, undefined],
])('a tenant %s', (_, endpoint, target, kind) => {
  const about = { ...asking(endpoint), target: { ...facts.target, tenantId: target } };
  for (const word of ['own', 'microsoft', 'other']) {
    expect(decide(`endpoint.tenant == "${word}"`, about)).toBe(word === kind ? 'approve' : 'hold');
  }
  expect(decide('has(endpoint.tenant)', about)).toBe(kind === undefined ? 'hold' : 'approve');
});

test('a policy can name further tenants of Microsoft, in any case, and the known one stays', () => {
  const content: object = JSON.parse(policyText([{ when: 'endpoint.tenant == "microsoft"' }]));
  const policy = policyOf(JSON.stringify({ ...content, tenants: { microsoft: [pme.toUpperCase()] } }));
  expect([pme, ame, other].map((tenant) => policy.decide(asking(tenant), now)?.effect)).toEqual([
    'approve',
    'approve',
    'hold',
  ]);
  expect(policy.microsoftTenants).toEqual(new Set([ame, pme]));
});

test('what a test case states about the tenant stays', () => {
  const about = { ...asking(undefined), endpoint: { ...facts.endpoint!, tenant: 'own' as const } };
  expect(decide('endpoint.tenant == "own"', about)).toBe('approve');
});

describe('validate', () => {
  test.each<[string, string | undefined]>([
    ['endpoint.tenant == "own"', undefined],
    [`endpoint.tenantId == "${own}"`, undefined],
    ['endpoint.tenantId == target.tenantId', undefined],
    ['requester.subscriptionId == target.subscriptionId', undefined],
    ['endpoint.tenant == "own" && endpoint.tags.team == "web"', undefined],
    ['"corp" in requester.managementGroups', undefined],
    ['requester.managementGroups.exists(g, g == "corp")', undefined],
    ['requester.subscriptionTags.env == "prod"', undefined],
    ['requester.subscriptionName.startsWith("corp-")', undefined],
    ['!("corp" in requester.managementGroups)', 'approves whoever asks'],
    ['"Corp Group" in requester.managementGroups', 'can never match'],
    ['endpoint.tenant == "microsoft"', 'approves whoever asks'],
    ['endpoint.tenant != "other"', 'approves whoever asks'],
    ['endpoint.tenant in ["own", "microsoft"]', 'approves whoever asks'],
    ['endpoint.tenant == "microsoft" && endpoint.name.startsWith("contoso")', 'approves whoever asks'],
    ['endpoint.tenant == "owned"', 'it is `own`, `microsoft` or `other`'],
    ['endpoint.tenantId == "contoso.com"', 'the id of a tenant is a GUID'],
  ])('%s: %s', (when, expected) => {
    const files = [{ path: 'p.yaml', text: policyText([{ when, effect: 'approve' }]) }];
    const messages = analyzePolicy(files).map(({ message }) => message);
    if (expected === undefined) expect(messages).toEqual([]);
    else expect(messages.join('\n')).toContain(expected);
  });
});
