import {
  alternativeRange,
  alternativeText,
  excludeEachOther,
  waysToBeTrue,
} from '../../../../src/policy/analysis/alternatives';
import { factPathsOf } from '../../../../src/policy/analysis/rule-outline';
import { createEnvironment } from '../../../../src/policy/cel/environment';

const { cel } = createEnvironment(new Map());

test.each<[string, readonly (readonly [string, string])[]]>([
  ['connection.name == "a"', [['connection.name == "a"', 'connection.name == "a"']]],
  ['a && b', [['a && b', 'a && b']]],
  [
    'a || b',
    [
      ['a', 'a'],
      ['b', 'b'],
    ],
  ],
  ['!a', [['!(a)', 'a']]],
  [
    '!(a && b)',
    [
      ['!(a)', 'a'],
      ['!(b)', 'b'],
    ],
  ],
  ['!(a || b)', [['!(a) && !(b)', 'a || b']]],
  ['!!a', [['a', 'a']]],
  [
    '!(!a && b)',
    [
      ['a', 'a'],
      ['!(b)', 'b'],
    ],
  ],
  [
    '(a || b) && c',
    [
      ['a && c', 'a || b) && c'],
      ['b && c', 'b) && c'],
    ],
  ],
  [
    '(a || b) && (c || d)',
    [
      ['a && c', 'a || b) && (c'],
      ['a && d', 'a || b) && (c || d'],
      ['b && c', 'b) && (c'],
      ['b && d', 'b) && (c || d'],
    ],
  ],
  [
    'a ? b : c',
    [
      ['a && b', 'a ? b'],
      ['!(a) && c', 'a ? b : c'],
    ],
  ],
  [
    '!(a ? b : c)',
    [
      ['a && !(b)', 'a ? b'],
      ['!(a) && !(c)', 'a ? b : c'],
    ],
  ],
  [
    'a && (b ? c : d)',
    [
      ['a && b && c', 'a && (b ? c'],
      ['a && !(b) && d', 'a && (b ? c : d'],
    ],
  ],
  ['f(a)', [['f(a)', 'f(a)']]],
  ['!f(a)', [['!f(a)', 'f(a)']]],
  ['!a.f(b)', [['!a.f(b)', 'a.f(b)']]],
  ['!(a == b)', [['!(a == b)', 'a == b']]],
  ['(a || b) == c', [['(a || b) == c', 'a || b) == c']]],
  ['!((a || b) == c)', [['!((a || b) == c)', 'a || b) == c']]],
  ['a   &&   b  ==   c', [['a && b == c', 'a   &&   b  ==   c']]],
  ['(a)', [['a', 'a']]],
  ['!(a) && (b)', [['!(a) && b', 'a) && (b']]],
  [
    'endpoint.tags["Cost-Center"] == "a" && endpoint.tags.Env == lists.zones[0] && now > connection.firstSeen',
    [
      [
        'endpoint.tags["Cost-Center"] == "a" && endpoint.tags.Env == lists.zones[0] && now > connection.firstSeen',
        'endpoint.tags["Cost-Center"] == "a" && endpoint.tags.Env == lists.zones[0] && now > connection.firstSeen',
      ],
    ],
  ],
  [
    'lists.x.exists(y, y == endpoint.name && z.w == 1 && now > y)',
    [
      [
        'lists.x.exists(y, y == endpoint.name && z.w == 1 && now > y)',
        'lists.x.exists(y, y == endpoint.name && z.w == 1 && now > y)',
      ],
    ],
  ],
  [
    'lists.x.exists(endpoint, endpoint.name == target.name)',
    [
      [
        'lists.x.exists(endpoint, endpoint.name == target.name)',
        'lists.x.exists(endpoint, endpoint.name == target.name)',
      ],
    ],
  ],
  [
    'lists.x.exists(now, now == endpoint.name)',
    [['lists.x.exists(now, now == endpoint.name)', 'lists.x.exists(now, now == endpoint.name)']],
  ],
  [
    'endpoint.name == endpoint.name && endpoint.name == target.tags',
    [
      [
        'endpoint.name == endpoint.name && endpoint.name == target.tags',
        'endpoint.name == endpoint.name && endpoint.name == target.tags',
      ],
    ],
  ],
  ['target.tags.a.b == "x"', [['target.tags.a.b == "x"', 'target.tags.a.b == "x"']]],
  [
    'target.name["a"] == target.tags[endpoint.name]',
    [['target.name["a"] == target.tags[endpoint.name]', 'target.name["a"] == target.tags[endpoint.name]']],
  ],
])('%s is true in these ways, each with its place', (when, ways) => {
  const found = waysToBeTrue(cel.parse(when).ast).map((way) => {
    const { start, end } = alternativeRange(way);
    return [alternativeText(way), when.slice(start, end)];
  });
  expect(found).toEqual(ways);
});

test.each<[string, readonly string[]]>([
  [
    'endpoint.tags["Cost-Center"] == "a" && endpoint.tags.Env == lists.zones[0] && now > connection.firstSeen',
    [
      'endpoint.tags.cost-center#cost-center',
      'endpoint.tags.env#env',
      'lists.zones',
      'now',
      'connection.firstSeen',
    ],
  ],
  ['lists.x.exists(y, y == endpoint.name && z.w == 1 && now > y)', ['lists.x', 'endpoint.name', 'now']],
  ['lists.x.exists(endpoint, endpoint.name == target.name)', ['lists.x', 'target.name']],
  ['lists.x.exists(now, now == endpoint.name)', ['lists.x', 'endpoint.name']],
  ['endpoint.name == endpoint.name && endpoint.name == target.tags', ['endpoint.name', 'target.tags']],
  ['target.tags.a.b == "x"', ['target.tags.a#a']],
  ['target.name["a"] == target.tags[endpoint.name]', ['target.name', 'target.tags', 'endpoint.name']],
])('%s reads these facts, each once, and a tag by its name', (when, paths) => {
  const found = factPathsOf(cel.parse(when).ast).map(({ text, key }) =>
    key === undefined ? text : `${text}#${key}`,
  );
  expect(found).toEqual(paths);
});

test('a condition with more than 128 ways is not split', () => {
  const product = (count: number): string =>
    Array.from({ length: count }, (_, i) => `(a${i} || b${i})`).join(' && ');
  expect(waysToBeTrue(cel.parse(product(7)).ast)).toHaveLength(128);
  expect(waysToBeTrue(cel.parse(product(8)).ast)).toHaveLength(1);
  const sum = (count: number): string =>
    `(${product(7)}) || ${Array.from({ length: count }, () => 'c').join(' || ')}`;
  expect(waysToBeTrue(cel.parse(sum(1)).ast)).toHaveLength(1);
  expect(waysToBeTrue(cel.parse(`(${product(6)}) || (${product(6)})`).ast)).toHaveLength(128);
});

test.each([
  [true, 'a', '!a'],
  [true, 'b && a', '!(a) && c'],
  [true, 'endpoint.name == "a"', '!(endpoint.name  ==  ("a"))'],
  [false, 'a', 'a'],
  [false, '!a', '!a'],
  [false, 'a', '!b'],
])('it is %s that %s and %s exclude each other', (expected, one, other) => {
  const [left = [], right = []] = [one, other].map((when) => waysToBeTrue(cel.parse(when).ast)[0]);
  expect([excludeEachOther(left, right), excludeEachOther(right, left)]).toEqual([expected, expected]);
});
