import { describe, expect, test } from '@jest/globals';
import {
  accessFindings,
  armTemplateResources,
  azdFindings,
  createTreeSitter,
  deploymentOf,
  descriptionFindings,
  linesOf,
  loadFindings,
  moduleFindings,
  nameFindings,
  parameterFileFindings,
  readArmTypes,
  readJson,
  readProject,
  resourceFindings,
  secretFindings,
  startValueFindings,
  syntaxFindings,
  templatesIn,
  typeFindings,
  type BicepProject,
  type Finding,
} from '../../support/bicep';
import { withProject } from '../../support/bicep/fixture';
import { everything, onboardingPolicy } from '../../support/infra';
import { projectRoot } from '../../support/project';

/** The only files that give anybody a right. */
const accessFiles = [
  'infra/modules/role-assignments.bicep',
  'infra/modules/role-assignments-subscription.bicep',
  'infra/onboarding/destination-role.bicep',
  'infra/onboarding/main.bicep',
];

const project = readProject(projectRoot, 'infra');

describe('the templates of infra/', () => {
  const checks: readonly [string, (project: BicepProject) => Finding[]][] = [
    ['are Bicep', syntaxFindings],
    ['describe every parameter and output', descriptionFindings],
    ['declare what they use, and use what they declare', nameFindings],
    ['call modules as they want to be called', moduleFindings],
    ['put resources where their types belong', resourceFindings],
    ['need nothing at the start that only the deployment tells', startValueFindings],
    ['load files that are there', loadFindings],
    ['are given the parameters that they have', parameterFileFindings],
    ['hold no secret and read none', secretFindings],
    ['give rights in the declared files alone', (one) => accessFindings(one, accessFiles)],
    ['are what azure.yaml names', azdFindings],
  ];

  test.each(checks)('%s', (_, check) => {
    expect(project.files.size).toBeGreaterThan(0);
    expect(linesOf(check(project))).toEqual([]);
  });

  test('are Bicep to a reader that is not ours', async () => {
    const treeSitter = await createTreeSitter();
    const findings = [...project.files.values()].flatMap(({ path, source }) => treeSitter(path, source));
    expect(linesOf(findings)).toEqual([]);
  });
});

describe('what is deployed', () => {
  const types = readArmTypes();
  const policyResources = templatesIn(readJson(project, onboardingPolicy)).flatMap((template) =>
    armTemplateResources(template, onboardingPolicy),
  );
  const all = [...everything(project), ...policyResources];

  test('has the properties and values that Azure’s type definitions allow', () => {
    const findings = all.flatMap((resource) => typeFindings(resource, types));
    expect([...new Set(linesOf(findings))]).toEqual([]);
  });

  test('is of the types that are known here, and no others are', () => {
    const used = new Set(all.map(({ type, apiVersion }) => `${type}@${apiVersion}`));
    expect(Object.keys(types.types).sort()).toEqual([...used].sort());
  });

  test('has one api-version for each type, and no preview', () => {
    const used = [...new Set(all.map(({ type, apiVersion }) => `${type}@${apiVersion}`))];
    expect(used.filter((one) => one.endsWith('-preview'))).toEqual([]);
    const typesOnly = used.map((one) => one.split('@')[0]);
    expect(new Set(typesOnly).size).toBe(typesOnly.length);
  });

  const topic = (properties: string, scope = 'resourceGroup'): string => `targetScope = '${scope}'
resource topic 'Microsoft.EventGrid/topics@2025-02-15' = {
  name: 'a-topic'
  location: 'x'
  ${properties}
}`;

  const account = `resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: 'x'
  location: 'x'
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
}`;

  test.each([
    ['a property that the type does not have', topic('properties: { disableKeys: true }'), 'disableKeys'],
    [
      'a value that the type does not allow',
      topic("properties: { inputSchema: 'Cloud' }"),
      'Cloud, not one of',
    ],
    [
      'a value of another kind',
      topic("properties: { disableLocalAuth: 'yes' }"),
      'disableLocalAuth is no bool',
    ],
    ['a name that is too short', account, 'account.name has 1 characters, not 3 to 24'],
    ['a property that is missing', topic('').replace(/^ {2}location.*$/m, ''), 'topic has no location'],
    ['a resource in the wrong scope', topic('', 'subscription'), 'cannot be deployed to subscription'],
    ['an unknown version', topic('').replace('2025-02-15', '2025-02-16'), 'is not among the known types'],
    [
      'a wrong value of a choice that only the deployment makes',
      `@description('x')\nparam a bool\n${topic("properties: { inputSchema: a ? 'CloudEventSchemaV1_0' : 'No' }").replace(/^targetScope.*\n/, '')}`,
      'No, not one of',
    ],
  ])('%s would be found', (_, source, told) => {
    const lines = withProject({ 'main.bicep': source }, (fixture) => {
      const { resources } = deploymentOf(fixture, 'main.bicep');
      return linesOf(resources.flatMap((resource) => typeFindings(resource, types)));
    });
    expect(lines).toEqual([expect.stringContaining(told)]);
  });
});
