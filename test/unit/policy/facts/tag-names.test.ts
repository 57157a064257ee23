import { bracketFix, tagAround } from '../../../../src/policy/facts/tag-names';
import { problemsOf, policyText } from '../../../support/samples/policy';

function problemOf(when: string): string | undefined {
  return problemsOf(policyText([{ when }]))[0]?.message;
}

const plain = '`has()` takes one fact: write `has(endpoint.tags)` or `has(target.tags.env)`';

test.each([
  ['has(target.tags["cost-center"])', '`"cost-center" in target.tags`'],
  ['has(endpoint.tags["a b"])', '`"a b" in endpoint.tags`'],
  ['has(target.tags.cost-center)', '`"cost-center" in target.tags`'],
  ['has(endpoint.tags.a-b.c-d)', '`"a-b.c-d" in endpoint.tags`'],
])('%s is told how a tag is checked for that cannot follow a dot', (when, fix) => {
  expect(problemOf(when)).toBe(`\`has()\` cannot check for a tag with this name: write ${fix}`);
});

test.each([
  ['has(connection.groupIds["x"])'],
  ['has(target.tags[connection.name])'],
  ['has(target)'],
  ['has(target.name, target.id)'],
  ['has(1 - 2)'],
  ['has(target.tags.a, target.tags.b)'],
  ['has(consumer.pending - consumer.approved)'],
])('%s is told what `has()` takes', (when) => {
  expect(problemOf(when)).toBe(plain);
});

test.each([
  ['endpoint.name + target.tags.a-b == "x"', 'unknown name `b`'],
  ['target.tags.a-b(1) == "x"', 'unknown function `b`'],
])('in %s a dash is no part of a tag', (when, problem) => {
  expect(problemOf(when)?.split(':')[0]).toBe(problem);
});

test('a tag in brackets is written with its quotes', () => {
  expect(bracketFix({ root: 'target', name: 'a"b' })).toBe(
    'a tag with this name needs brackets: write `target.tags["a\\"b"]`, and `"a\\"b" in target.tags` to check for it',
  );
});

describe('around a place that CEL cannot parse', () => {
  const text = 'x && target.tags.owner:team == "a" || endpoint.tags.7up';
  const first = { root: 'target', name: 'owner:team', start: 5, end: 27 };
  const second = { root: 'endpoint', name: '7up', start: 38, end: 55 };

  test.each([
    [4, undefined],
    [5, first],
    [22, first],
    [27, first],
    [28, undefined],
    [37, undefined],
    [38, second],
    [55, second],
    [56, undefined],
  ])('a tag is found at its own characters, for instance at %d', (at, found) => {
    expect(tagAround(text, at)).toEqual(found);
  });

  test.each(['target.tags.owner', 'target.tags._x1', 'mytarget.tags.a:b', 'target.tag.a:b'])(
    'nothing is found where the name is no matter: %s',
    (whole) => {
      expect(tagAround(whole, whole.length - 1)).toBeUndefined();
    },
  );

  test.each([
    ...['in', 'true', 'false', 'null', 'as', 'for', 'if', 'else', 'loop', 'while', 'var', 'let', 'const'],
    ...['import', 'package', 'namespace', 'return', 'function', 'void', 'break', 'continue'],
  ])('a tag whose name is CEL’s word %s is found', (word) => {
    expect(tagAround(`target.tags.${word}`, 13)).toEqual({
      root: 'target',
      name: word,
      start: 0,
      end: 12 + word.length,
    });
  });

  test.each('()[]{}&|=!<>,"\'`+? '.split(''))('a name ends before %s', (sign) => {
    expect(tagAround(`endpoint.tags.a:b${sign}c`, 15)).toMatchObject({ name: 'a:b', end: 17 });
  });
});
