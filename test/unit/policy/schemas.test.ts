import Ajv2020 from 'ajv/dist/2020';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { casesFileSchema } from '../../../src/cli/policy/policy-cases';
import { expectedSchema } from '../../../src/policy/expected/expected-schema';
import { policySchema } from '../../../src/policy/file/policy-schema';
import { projectRoot } from '../../support/repo/project';

const ajv = new Ajv2020({ allErrors: true, strict: false, formats: { 'date-time': true, uuid: true } });
const schemas = {
  'policy.schema.json': policySchema(),
  'cases.schema.json': casesFileSchema(),
  'expected-requests.schema.json': expectedSchema(),
};
const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');
const yamlBelow = (folder: string): readonly string[] =>
  readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => `${folder}/${name}`);

function problems(name: keyof typeof schemas, content: unknown): readonly string[] {
  const validate = ajv.getSchema(String(schemas[name]['$id'])) ?? ajv.compile(schemas[name]);
  if (validate(content) === true) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    `${instancePath} ${message} ${JSON.stringify(params)}`.trim(),
  );
}

test.each(Object.entries(schemas))(
  '%s is the schema of the parser: `npm run schemas` writes it',
  (name, schema) => {
    expect(JSON.parse(read(`policies/${name}`))).toEqual(JSON.parse(JSON.stringify(schema)));
  },
);

test('each schema has an id of its own, in draft 2020-12', () => {
  const ids = Object.values(schemas).map(({ $id }) => $id);
  expect(new Set(ids).size).toBe(3);
  for (const { $schema, $id } of Object.values(schemas)) {
    expect($schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect($id).toMatch(/^urn:postern:schema:[a-z-]+:1$/);
  }
});

const files = ['policies', 'docs/examples/gallery', 'docs/examples/tutorial'].flatMap(yamlBelow);
const casesFiles = files.filter((path) => path.endsWith('.cases.yaml'));
const policyFiles = files.filter((path) => !casesFiles.includes(path) && !path.endsWith('.expected.yaml'));

test.each(policyFiles)('%s is a policy to an editor, too', (path) => {
  expect(problems('policy.schema.json', parse(read(path)))).toEqual([]);
});

test.each(casesFiles)('%s is a file of cases to an editor, too', (path) => {
  expect(problems('cases.schema.json', parse(read(path)))).toEqual([]);
});

const request = {
  endpointId: '/subscriptions/s',
  target: '/subscriptions/t',
  until: '2026-02-01T00:00:00Z',
  by: 'a change',
};

test('announced requests are checked', () => {
  expect(problems('expected-requests.schema.json', { version: 1, expected: [request] })).toEqual([]);
});

test.each<[keyof typeof schemas, unknown, string]>([
  ['policy.schema.json', { version: 1, rules: [{ name: 'a', efect: 'hold', when: 'true' }] }, '/rules/0'],
  ['cases.schema.json', { cases: [{ name: 'a', effect: 'allow' }] }, '/cases/0/effect'],
  [
    'cases.schema.json',
    { cases: [{ name: 'a', effect: 'hold', facts: { target: { colour: 'red' } } }] },
    '/cases/0/facts/target',
  ],
  ['expected-requests.schema.json', { version: 1, expected: [{ ...request, til: 'x' }] }, '/expected/0'],
])('%s tells where a typo is', (name, content, place) => {
  expect(problems(name, content).map((problem) => problem.split(' ')[0])).toContain(place);
});

test('the shipped files name their schema for editors', () => {
  expect(read('policies/default.yaml')).toMatch(
    /^# yaml-language-server: \$schema=\.\/policy\.schema\.json\n/,
  );
  expect(read('policies/default.cases.yaml')).toMatch(
    /^# yaml-language-server: \$schema=\.\/cases\.schema\.json\n/,
  );
});
