import { describe, expect, test } from '@jest/globals';
import {
  accessFindings,
  azdFindings,
  descriptionFindings,
  linesOf,
  loadFindings,
  moduleFindings,
  nameFindings,
  parameterFileFindings,
  resourceFindings,
  secretFindings,
  startValueFindings,
  syntaxFindings,
  type BicepProject,
  type Finding,
} from '../../support/bicep';
import { withProject } from '../../support/bicep/fixture';

const storage = `@description('Its name.')
param name string
@description('Where.')
param location string = resourceGroup().location
resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  resource blobs 'blobServices' = {
    name: 'default'
  }
}
resource lease 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = {
  parent: account::blobs
  name: 'leases'
}
@description('Its id.')
output id string = account.id
`;
const main = `targetScope = 'subscription'
@description('The names.')
param names array = loadJsonContent('names.json').all
resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'postern'
  location: 'westeurope'
}
module stores 'storage.bicep' = [for (one, i) in names: if (one != '') {
  name: 'store-\${i}'
  scope: group
  params: { name: toLower(one) }
}]
@description('The ids.')
output ids array = [for i in range(0, length(names)): stores[i].outputs.id]
`;
const sound = {
  'main.bicep': main,
  'storage.bicep': storage,
  'names.json': '{"all": ["a"]}',
  'main.parameters.json': '{"parameters": {"names": {"value": []}}}',
  'storage.bicepparam': "using 'storage.bicep'\nparam name = 'x'\n",
};

type Check = (project: BicepProject) => Finding[];

const checks: Readonly<Record<string, Check>> = {
  syntax: syntaxFindings,
  descriptions: descriptionFindings,
  names: nameFindings,
  modules: moduleFindings,
  resources: resourceFindings,
  loads: loadFindings,
  parameterFiles: parameterFileFindings,
  secrets: secretFindings,
  startValues: startValueFindings,
};

test.each(Object.entries(checks))('sound templates pass the check of %s', (_, check) => {
  expect(withProject(sound, check)).toEqual([]);
});

interface Case {
  readonly title: string;
  readonly check: keyof typeof checks;
  /** What is put in whose place, in which file. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly told: string;
}

const cases: readonly Case[] = [
  {
    title: 'a line that is no Bicep',
    check: 'syntax',
    file: 'main.bicep',
    from: 'output ids array =',
    to: 'output ids array is',
    told: 'main.bicep:14:18: expected =, found is',
  },
  {
    title: 'a parameter without a description',
    check: 'descriptions',
    file: 'storage.bicep',
    from: "@description('Where.')",
    to: '',
    told: 'storage.bicep:4:7: param location has no description',
  },
  {
    title: 'an empty description of an output',
    check: 'descriptions',
    file: 'main.bicep',
    from: "@description('The ids.')",
    to: "@description(' ')",
    told: 'main.bicep:14:8: output ids has no description',
  },
  {
    title: 'a name that nobody declares',
    check: 'names',
    file: 'main.bicep',
    from: 'toLower(one)',
    to: 'toLower(two)',
    told: 'main.bicep:11:27: value two is not declared',
  },
  {
    title: 'a loop variable outside its loop',
    check: 'names',
    file: 'main.bicep',
    from: "name: 'postern'",
    to: "name: 'postern-${i}'",
    told: 'main.bicep:5:20: value i is not declared',
  },
  {
    title: 'a function that Bicep does not have',
    check: 'names',
    file: 'main.bicep',
    from: 'toLower(one)',
    to: 'lower(one)',
    told: 'main.bicep:11:19: function lower is not declared',
  },
  {
    title: 'a function in a parameters file that Bicep does not have',
    check: 'names',
    file: 'storage.bicepparam',
    from: "'x'",
    to: "environmentVariable('X')",
    told: 'storage.bicepparam:2:14: function environmentVariable is not declared',
  },
  {
    title: 'a type that nobody declares',
    check: 'names',
    file: 'storage.bicep',
    from: 'param name string',
    to: 'param name text',
    told: 'storage.bicep:2:12: type text is not declared',
  },
  {
    title: 'a decorator that Bicep does not have',
    check: 'names',
    file: 'storage.bicep',
    from: "@description('Where.')",
    to: "@describe('Where.')",
    told: 'storage.bicep:3:2: decorator describe is not declared',
  },
  {
    title: 'a parameter that is not used',
    check: 'names',
    file: 'storage.bicep',
    from: 'location: location',
    to: "location: 'westeurope'",
    told: 'storage.bicep:4:7: param location is not used',
  },
  {
    title: 'an existing resource that is not used',
    check: 'names',
    file: 'main.bicep',
    from: 'module stores',
    to: "resource other 'A.B/c@1' existing = {\n  name: 'x'\n}\nmodule stores",
    told: 'main.bicep:8:10: resource other is not used',
  },
  {
    title: 'a name that is declared twice',
    check: 'names',
    file: 'main.bicep',
    from: 'module stores',
    to: 'var names = 1\nmodule stores',
    told: 'main.bicep:8:5: names is declared twice',
  },
  {
    title: 'an inner resource that is not there',
    check: 'names',
    file: 'storage.bicep',
    from: 'account::blobs',
    to: 'account::queues',
    told: 'storage.bicep:13:18: account has no queues inside it',
  },
  {
    title: 'an import of something that is not exported',
    check: 'names',
    file: 'main.bicep',
    from: 'resource group',
    to: "import { id } from 'storage.bicep'\nvar x = id\nresource group",
    told: 'main.bicep:4:1: storage.bicep exports no id',
  },
  {
    title: 'a module that is not there',
    check: 'modules',
    file: 'main.bicep',
    from: "'storage.bicep'",
    to: "'stores.bicep'",
    told: 'main.bicep:8:8: module stores.bicep is not there',
  },
  {
    title: 'a call that leaves a parameter out',
    check: 'modules',
    file: 'main.bicep',
    from: 'params: { name: toLower(one) }',
    to: 'params: {}',
    told: 'main.bicep:8:8: storage.bicep is not given name',
  },
  {
    title: 'a call with a parameter that the module does not have',
    check: 'modules',
    file: 'main.bicep',
    from: '{ name: toLower(one) }',
    to: '{ name: one, sku: 1 }',
    told: 'main.bicep:11:24: storage.bicep has no parameter sku',
  },
  {
    title: 'a module in a scope that it is not made for',
    check: 'modules',
    file: 'main.bicep',
    from: 'scope: group',
    to: 'scope: subscription()',
    told: 'main.bicep:10:3: storage.bicep wants scope resourceGroup, not subscription',
  },
  {
    title: 'a module that is given no scope but wants another than its caller’s',
    check: 'modules',
    file: 'main.bicep',
    from: '  scope: group\n',
    to: '',
    told: 'main.bicep:8:8: storage.bicep wants scope resourceGroup, not subscription',
  },
  {
    title: 'an output that the module does not have',
    check: 'modules',
    file: 'main.bicep',
    from: 'outputs.id',
    to: 'outputs.ids',
    told: 'main.bicep:14:72: storage.bicep has no output ids',
  },
  {
    title: 'something of a resource that no resource has',
    check: 'modules',
    file: 'storage.bicep',
    from: 'account.id',
    to: 'account.outputs',
    told: 'storage.bicep:17:27: a resource of type Microsoft.Storage/storageAccounts has no outputs',
  },
  {
    title: 'a resource without an api-version',
    check: 'resources',
    file: 'main.bicep',
    from: '@2024-03-01',
    to: '',
    told: 'main.bicep:4:10: group has no api-version',
  },
  {
    title: 'a resource without a name',
    check: 'resources',
    file: 'main.bicep',
    from: "  name: 'postern'\n",
    to: '',
    told: 'main.bicep:4:10: group has no name',
  },
  {
    title: 'a name with too few parts for its type',
    check: 'resources',
    file: 'storage.bicep',
    from: '  parent: account::blobs\n',
    to: '',
    told: 'storage.bicep:12:10: the name of lease has 1 parts, its type 3',
  },
  {
    title: 'a parent that the type cannot have',
    check: 'resources',
    file: 'storage.bicep',
    from: 'parent: account::blobs',
    to: 'parent: account',
    told: 'storage.bicep:12:10: lease is a Microsoft.Storage/storageAccounts/blobServices/containers and cannot be in a Microsoft.Storage/storageAccounts',
  },
  {
    title: 'a file to load that is not there',
    check: 'loads',
    file: 'main.bicep',
    from: 'names.json',
    to: 'other.json',
    told: 'main.bicep:3:37: other.json is not there',
  },
  {
    title: 'a parameters file with a parameter that is not there',
    check: 'parameterFiles',
    file: 'main.parameters.json',
    from: '"names"',
    to: '"name"',
    told: 'main.parameters.json:1:1: main.bicep has no parameter name',
  },
  {
    title: 'a parameters file that leaves one out',
    check: 'parameterFiles',
    file: 'storage.bicepparam',
    from: "param name = 'x'",
    to: "param location = 'x'",
    told: 'storage.bicepparam:1:1: storage.bicep needs name',
  },
  {
    title: 'reading keys',
    check: 'secrets',
    file: 'storage.bicep',
    from: 'account.id',
    to: 'account.listKeys().keys[0].value',
    told: 'storage.bicep:17:28: reads keys',
  },
  {
    title: 'a connection string with a key',
    check: 'secrets',
    file: 'names.json',
    from: '"a"',
    to: '"AccountName=a;AccountKey=abc"',
    told: 'names.json:1:25: carries a key',
  },
  {
    title: 'a secret with a default',
    check: 'secrets',
    file: 'storage.bicep',
    from: 'param name string',
    to: "@secure()\nparam name string = 'x'",
    told: 'storage.bicep:3:7: secure parameter name has a default',
  },
  {
    title: 'a secret that is not marked as one',
    check: 'secrets',
    file: 'storage.bicep',
    from: 'param name string',
    to: 'param namePassword string',
    told: 'storage.bicep:2:7: parameter namePassword is not secure',
  },
  {
    title: 'a name that only a deployment tells',
    check: 'startValues',
    file: 'storage.bicep',
    from: "name: 'leases'",
    to: 'name: account.properties.accessTier',
    told: 'storage.bicep:14:16: account.properties is not known when the deployment starts',
  },
  {
    title: 'a loop over what only a deployment tells, by way of a variable',
    check: 'startValues',
    file: 'main.bicep',
    from: 'module stores',
    to: "var late = group.properties.x\nmodule more 'storage.bicep' = [for one in late: {\n  name: one\n}]\nmodule stores",
    told: 'main.bicep:9:43: late (group.properties) is not known when the deployment starts',
  },
];

test.each(cases)('$title is found', ({ check, file, from, to, told }) => {
  const text = (sound as Readonly<Record<string, string>>)[file] ?? '';
  expect(text).toContain(from);
  const broken = { ...sound, [file]: text.replace(from, () => to) };
  expect(linesOf(withProject(broken, checks[check]!))).toContain(told);
});

test('a role assignment outside the declared files is found', () => {
  const assignment = "resource a 'Microsoft.Authorization/roleAssignments@2022-04-01' = {\n  name: 'x'\n}\n";
  const files = { 'access.bicep': assignment, 'main.bicep': assignment };
  expect(linesOf(withProject(files, (project) => accessFindings(project, ['access.bicep'])))).toEqual([
    'main.bicep:1:10: role assignment a belongs in another file',
  ]);
});

describe('azure.yaml', () => {
  const yaml =
    'infra:\n  path: infra\n  module: main\nservices:\n  app:\n    project: .\nhooks:\n  postup:\n    run: ./scripts/after.sh\n';

  test('passes when everything is there', () => {
    const files = { 'azure.yaml': yaml, 'infra/main.bicep': '', 'scripts/after.sh': '' };
    expect(withProject(files, (project) => azdFindings(project))).toEqual([]);
  });

  test('is told of when it names what is not there', () => {
    expect(linesOf(withProject({ 'azure.yaml': yaml }, (project) => azdFindings(project)))).toEqual([
      'azure.yaml:1:1: infra/main.bicep is not there',
      'azure.yaml:1:1: ./scripts/after.sh is not there',
    ]);
  });
});
