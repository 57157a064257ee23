import { createEnvironment } from '../../../../src/policy/cel/environment';
import { costProblem, worstCost } from '../../../../src/policy/cel/cost';
import type { PolicyLists } from '../../../../src/policy/cel/lists';

const lists: PolicyLists = new Map<string, readonly string[] | readonly number[]>([
  ['none', []],
  ['ten', Array.from({ length: 10 }, (_, index) => `${'x'.repeat(19)}${index}`)],
  ['numbers', [1, 22]],
]);
const environment = createEnvironment(lists);

/** Steps, the longest text and the longest list. */
type Figures = readonly [number, number, number];

test.each<[string, Figures]>([
  ['true', [1, 64, 0]],
  ['"abc"', [1, 3, 0]],
  ['1', [1, 64, 0]],
  ['now', [1, 64, 0]],
  ['connection.message', [1, 4096, 0]],
  ['connection.name', [1, 2048, 0]],
  ['connection.groupIds', [1, 2048, 100]],
  ['endpoint.tags', [1, 2048, 100]],
  ['consumer.pending', [1, 2048, 0]],
  ['lists.ten', [1, 20, 10]],
  ['lists.none', [1, 0, 0]],
  ['lists.numbers', [1, 2, 2]],
  ['!true', [2, 64, 0]],
  ['-1 < 2', [4, 64, 0]],
  ['connection.name == "a"', [3, 2048, 0]],
  ['connection.name + connection.name == "a"', [7, 4096, 0]],
  ['connection.message + "abc" == "a"', [7, 4099, 0]],
  ['"ab" + "cde"', [3, 5, 0]],
  ['lists.ten + lists.ten', [3, 40, 20]],
  ['[1, 2, 3]', [4, 64, 3]],
  ['["abc", connection.name]', [3, 2048, 2]],
  ['{"a": 1, "b": 2}', [5, 64, 2]],
  ['connection.name.startsWith("a")', [3, 2048, 0]],
  ['connection.message.matches("a")', [602, 4096, 0]],
  ['connection.name.matches("a")', [302, 2048, 0]],
  ['ticket(connection.message, "a")', [602, 4096, 0]],
  ['glob(connection.name, "a")', [102, 2048, 0]],
  ['glob(endpoint.id, "a") && glob(endpoint.name, "b")', [205, 2048, 0]],
  ['connection.message.split("/")', [4, 4096, 4097]],
  ['size(connection.message.split("/"))', [6, 4096, 4097]],
  ['lists.ten.exists(x, true)', [21, 64, 10]],
  ['lists.ten.exists(x, x == "a")', [41, 64, 10]],
  ['lists.ten.exists(x, x + x == "a")', [61, 64, 20]],
  ['lists.ten.map(x, x + "abc")', [41, 23, 10]],
  ['lists.ten.exists(x, lists.ten.exists(y, x == y))', [421, 64, 10]],
  ['lists.ten.filter(x, x.startsWith("a"))', [41, 20, 10]],
  ['lists.ten.map(x, x == "a", x)', [51, 64, 10]],
  ['connection.groupIds.all(x, x == "a")', [401, 2048, 100]],
  ['endpoint.tags.exists(x, x == "a")', [401, 2048, 100]],
  ['endpoint.tags.env == "a"', [4, 2048, 100]],
  ['endpoint.tags["env"] == "a"', [5, 2048, 100]],
  ['string(1)', [2, 64, 0]],
  ['string(1) + string(2)', [5, 128, 0]],
  ['connection.name + string(1)', [4, 2112, 0]],
  ['timestamp("2026-01-31T00:00:00Z") < now', [4, 64, 0]],
  ['true ? connection.name : "a"', [4, 2048, 0]],
  ['[connection.message].exists(connection, connection == "a")', [8, 4096, 1]],
  ['lists.ten.exists(lists, lists == "a")', [41, 64, 10]],
  ['(connection.message + connection.message).contains("a")', [9, 8192, 0]],
  ['(connection.message + connection.message).matches("a")', [906, 8192, 0]],
  ['lists.ten[0] == "a"', [5, 64, 10]],
  ['"a" in lists.ten', [3, 64, 10]],
])('%s costs at most %j', (when, [steps, text, entries]) => {
  expect(worstCost(environment.cel.parse(when).ast, environment.listBounds)).toEqual({
    steps,
    text,
    entries,
  });
});

test.each<[Figures, string | undefined]>([
  [[100_000, 65_536, 50_000], undefined],
  [[100_001, 0, 0], 'this can take more than 100000 steps: nest fewer loops, shorten the lists, or use `in`'],
  [[0, 65_537, 0], 'this can build a text of more than 65536 characters: join fewer'],
  [[0, 0, 50_001], 'this can build a list of more than 50000 entries: join fewer'],
])('a cost of %j is too much, or not: %s', ([steps, text, entries], problem) => {
  expect(costProblem({ steps, text, entries })).toBe(problem);
});
