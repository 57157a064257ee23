import { createEnvironment } from '../../../../src/policy/cel/environment';
import { sourceOf } from '../../../../src/policy/cel/ast';
import { alwaysFalsePart, constantValue } from '../../../../src/policy/cel/constant-value';

const environment = createEnvironment(new Map([['none', []]]));
const about = (...statuses: readonly string[]) => ({
  emptyLists: new Set(['none']),
  statuses: new Set(statuses),
});

function valuesOf(when: string): readonly (boolean | undefined)[] {
  const { ast } = environment.cel.parse(when);
  return [constantValue(ast, about('pending')), constantValue(ast, about('pending', 'approved'))];
}

test.each<[string, boolean | undefined, boolean | undefined]>([
  ['true', true, true],
  ['false', false, false],
  ['1 == 1', true, true],
  ['1 == 2', false, false],
  ['1 != 2', true, true],
  ['1 != 1', false, false],
  ['"a" == "a"', true, true],
  ['"a" == "b"', false, false],
  ['"a" == 1', undefined, undefined],
  ['"a" != 1', undefined, undefined],
  ['!true', false, false],
  ['!false', true, true],
  ['!has(endpoint.tags)', undefined, undefined],
  ['true && true', true, true],
  ['true && false', false, false],
  ['false && true', false, false],
  ['true && has(endpoint.tags)', undefined, undefined],
  ['false && has(endpoint.tags)', false, false],
  ['has(endpoint.tags) && false && true', false, false],
  ['true || false', true, true],
  ['false || false', false, false],
  ['false || has(endpoint.tags)', undefined, undefined],
  ['true || has(endpoint.tags)', true, true],
  ['has(endpoint.tags) || true', true, true],
  ['connection.status == "Pending"', true, undefined],
  ['"Pending" == connection.status', true, undefined],
  ['connection.status == "APPROVED"', false, undefined],
  ['connection.status != "Approved"', true, undefined],
  ['connection.status != "Pending"', false, undefined],
  ['connection.status == endpoint.name', undefined, undefined],
  ['connection.name == "Pending"', undefined, undefined],
  ['target.status == "Pending"', undefined, undefined],
  ['has(endpoint.tags) && connection.status == "Rejected"', false, false],
  ['"a" in []', false, false],
  ['"a" in ["a"]', undefined, undefined],
  ['"a" in lists.none', false, false],
  ['"a" in lists.ten', undefined, undefined],
  ['endpoint.name in lists.none && true', false, false],
  ['lists.none.exists(x, true)', false, false],
  ['lists.none.exists_one(x, true)', false, false],
  ['lists.none.all(x, false)', true, true],
  ['lists.none.filter(x, true) == []', undefined, undefined],
  ['lists.none.map(x, true) == []', undefined, undefined],
  ['lists.ten.exists(x, true)', undefined, undefined],
  ['[].exists(x, true)', false, false],
  ['[].all(x, false)', true, true],
  ['endpoint.name == "a" && endpoint.name == "b"', false, false],
  ['endpoint.name == "a" && endpoint.name == "A"', undefined, undefined],
  ['endpoint.name == "a" && "b" == endpoint.name', false, false],
  ['endpoint.name == "a" && endpoint.id == "b"', undefined, undefined],
  ['endpoint.name == "a" && has(endpoint.tags) && endpoint.name == "b"', false, false],
  ['endpoint.name == "a" && (has(endpoint.tags) && endpoint.name == "b")', false, false],
  ['connection.message == "a" && connection.message == "A"', false, false],
  ['consumer.pending == 1 && consumer.pending == 2', undefined, undefined],
  ['endpoint.tags.a == "a" && endpoint.tags.a == "b"', undefined, undefined],
  ['lists.a == "a" && lists.a == "b"', undefined, undefined],
  ['endpoint.name == "a" && endpoint.name != "b"', undefined, undefined],
  ['endpoint.name == "a" || endpoint.name == "b"', undefined, undefined],
  ['!(endpoint.name in lists.none)', true, true],
  ['false || (endpoint.name in lists.none)', false, false],
  ['1 < 2', undefined, undefined],
])('%s is %s for Pending, and %s if Approved is concerned as well', (when, one, two) => {
  expect(valuesOf(when)).toEqual([one, two]);
});

const never = 'it is never true: correct it, or remove the rule';
const two = 'it requires one fact to have two values: write `||`, or split the rule';
const empty = 'the list `none` is empty: add entries, or remove the rule';
test.each<[string, string, string]>([
  ['false', 'false', never],
  ['1 == 2', '1 == 2', never],
  ['1 != 1', '1 != 1', never],
  ['"a" == "b"', '"a" == "b"', never],
  ['!true', '!true', never],
  ['true && false', 'false', never],
  ['false && true', 'false', never],
  ['false && has(endpoint.tags)', 'false', never],
  ['has(endpoint.tags) && false && true', 'false', never],
  ['false || false', 'false || false', never],
  [
    'connection.status == "APPROVED"',
    'connection.status == "APPROVED"',
    'the rule applies to other statuses: write `on: [APPROVED]`',
  ],
  ['connection.status != "Pending"', 'connection.status != "Pending"', never],
  [
    'has(endpoint.tags) && connection.status == "Rejected"',
    'connection.status == "Rejected"',
    'the rule applies to other statuses: write `on: [Rejected]`',
  ],
  ['"a" in []', '"a" in []', never],
  ['"a" in lists.none', '"a" in lists.none', empty],
  ['endpoint.name in lists.none && true', 'endpoint.name in lists.none', empty],
  ['lists.none.exists(x, true)', 'lists.none.exists(x, true)', empty],
  ['lists.none.exists_one(x, true)', 'lists.none.exists_one(x, true)', empty],
  ['[].exists(x, true)', '[].exists(x, true)', never],
  ['endpoint.name == "a" && endpoint.name == "b"', 'endpoint.name == "a" && endpoint.name == "b"', two],
  ['endpoint.name == "a" && "b" == endpoint.name', 'endpoint.name == "a" && "b" == endpoint.name', two],
  [
    'endpoint.name == "a" && has(endpoint.tags) && endpoint.name == "b"',
    'endpoint.name == "a" && has(endpoint.tags) && endpoint.name == "b"',
    two,
  ],
  [
    'endpoint.name == "a" && (has(endpoint.tags) && endpoint.name == "b")',
    'endpoint.name == "a" && (has(endpoint.tags) && endpoint.name == "b")',
    two,
  ],
  [
    'connection.message == "a" && connection.message == "A"',
    'connection.message == "a" && connection.message == "A"',
    two,
  ],
  ['false || (endpoint.name in lists.none)', 'false || (endpoint.name in lists.none)', never],
])('%s is false because of %s', (when, part, why) => {
  const found = alwaysFalsePart(environment.cel.parse(when).ast, about('pending'));
  expect([sourceOf(found.node), found.why]).toEqual([part, why]);
  expect(found.emptyList).toBe(why === empty ? 'none' : undefined);
});
