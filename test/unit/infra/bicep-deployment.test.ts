import { expect, test } from '@jest/globals';
import { deploymentOf, plain, type Value } from '../../support/bicep';
import { withProject } from '../../support/bicep/fixture';

/** What an output comes to. */
function valueOf(
  source: string,
  given: Record<string, Value> = {},
  others: Record<string, string> = {},
): unknown {
  const files = { 'main.bicep': `${source}\n`, ...others };
  return withProject(files, (project) =>
    plain(deploymentOf(project, 'main.bicep', given).outputs['x'] ?? null),
  );
}

test.each<[string, string, unknown]>([
  ['strengths of operators', 'output x int = 2 + 3 * 4 - 1', 13],
  ['a condition in a condition', 'output x string = true ? false ? 1 : 2 : 3', 2],
  [
    'a lambda’s body reaches to its end',
    "output x array = filter(['a', 'b'], e => e == 'b' || e == 'c')",
    ['b'],
  ],
  ['a loop with an index', "output x array = [for (e, i) in ['a', 'b']: '${e}${i}']", ['a0', 'b1']],
  ['a spread', "var a = ['b']\noutput x array = ['a', ...a]", ['a', 'b']],
  ['a member that may be missing', "output x string = {}.?a ?? 'none'", 'none'],
  ['a place that may be missing', "var a = { b: 1 }\noutput x string = a[?'c'] ?? 'none'", 'none'],
  ['a function of the file', 'func twice(n int) int => n * 2\noutput x int = twice(4)', 8],
  [
    'a default that needs another',
    "param a string = 'b'\nparam c string = '${a}c'\noutput x string = c",
    'bc',
  ],
  [
    'objects by key',
    "var all = toObject([{ id: 'A', n: 1 }], e => toLower(e.id))\noutput x int = all[toLower('a')].n",
    1,
  ],
  ['a deep union', 'output x object = union({ a: { b: 1 } }, { a: { c: 2 } })', { a: { b: 1, c: 2 } }],
  ['what only a deployment knows', "param a string\noutput x string = 'id-${a}'", 'id-‹a›'],
  ['a call that needs Azure', 'output x string = subscription().id', '‹subscription().id›'],
  ['what is left out', 'param a string?\noutput x bool = a == null', true],
])('%s', (_, source, value) => expect(valueOf(source)).toEqual(value));

test('what is given goes before a default', () => {
  expect(valueOf("param a string = 'b'\noutput x string = a", { a: 'c' })).toBe('c');
});

test('a file is loaded from beside the template', () => {
  const source = "output x string = loadJsonContent('a/b.json').c[1]";
  expect(valueOf(source, {}, { 'a/b.json': '{"c": ["d", "e"]}' })).toBe('e');
});

test('an output of a module is what the module makes of its parameters', () => {
  const module = 'param a string\noutput b string = toUpper(a)\n';
  const source =
    "module m 'm.bicep' = {\n  name: 'm'\n  params: { a: 'c' }\n}\noutput x string = m.outputs.b";
  expect(valueOf(source, {}, { 'm.bicep': module })).toBe('C');
});

const source = `param names array = ['a', 'b']
param on bool
resource one 'P.Q/r@1' = [for n in names: if (n != 'b') {
  name: n
  resource inner 's' = {
    name: 'i'
  }
}]
resource two 'P.Q/r@1' = if (on) {
  name: on ? 'x' : 'y'
}
`;
const told = (given: Record<string, Value>): unknown =>
  withProject({ 'main.bicep': source }, (project) =>
    deploymentOf(project, 'main.bicep', given).resources.map(({ type, apiVersion, body, conditional }) => [
      `${type}@${apiVersion}`,
      plain(body['name'] as Value),
      conditional,
    ]),
  );

test('resources are deployed as loops and conditions say', () => {
  const one = [
    ['P.Q/r@1', 'a', false],
    ['P.Q/r/s@1', 'i', false],
  ];
  expect(told({ on: false })).toEqual(expect.arrayContaining(one));
  expect(told({ on: false })).toHaveLength(2);
  expect(told({ on: true })).toContainEqual(['P.Q/r@1', 'x', false]);
});

test('where only a deployment decides, a resource is there, and marked', () => {
  expect(told({})).toContainEqual(['P.Q/r@1', '‹on ? … : …›', true]);
});
