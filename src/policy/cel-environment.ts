import { Environment } from '@marcbachmann/cel-js';
import { lower, upper } from './ascii-case';
import { factRoots, fieldsOf, type FactRoot } from './fact-fields';
import { ConnectionView, ConsumerView, EndpointView, TargetView } from './fact-view';
import type { NameContext } from './check-names';
import { loweredList } from './fold-case';
import { Patterns } from './patterns';

/** All that the conditions of one policy share. */
export interface CelEnvironment {
  readonly cel: Environment;
  readonly names: NameContext;
  readonly listBounds: ReadonlyMap<string, { readonly text: number; readonly entries: number }>;
  /** The value of `lists`. */
  readonly lists: object;
}

export type PolicyLists = ReadonlyMap<string, readonly string[] | readonly number[]>;

/** Of a class of its own, so that CEL knows its type. */
class ListsView extends Map<string, readonly unknown[]> {}

const listsType = 'Lists';
const typeNames: Readonly<Record<FactRoot, string>> = {
  connection: 'Connection',
  endpoint: 'Endpoint',
  target: 'Target',
  consumer: 'Consumer',
};
const views = {
  connection: ConnectionView,
  endpoint: EndpointView,
  target: TargetView,
  consumer: ConsumerView,
};

/** Structural limits on one condition, kept by the parser. */
const limits = {
  maxAstNodes: 1_000,
  maxDepth: 40,
  maxListElements: 200,
  maxMapEntries: 50,
  maxCallArguments: 4,
};

/** Declares facts, lists and functions, so that conditions are type-checked when they load. */
export function createEnvironment(lists: PolicyLists): CelEnvironment {
  const patterns = new Patterns([...lists.values()].flat().filter((entry) => typeof entry === 'string'));
  const cel = new Environment({ limits });
  for (const root of factRoots) {
    const fields = Object.fromEntries(Object.entries(fieldsOf(root)).map(([name, { type }]) => [name, type]));
    cel.registerType(typeNames[root], { ctor: views[root], fields }).registerVariable(root, typeNames[root]);
  }
  cel.registerVariable('now', 'google.protobuf.Timestamp');
  const members = new WeakMap<object, ReadonlySet<unknown>>();
  registerFunctions(cel, patterns, members);
  return {
    cel,
    names: { listNames: new Set(lists.keys()), patterns, literalProblem: literalChecker() },
    listBounds: boundsOf(lists),
    lists: registerLists(cel, lists, members),
  };
}

function registerLists(
  cel: Environment,
  lists: PolicyLists,
  members: WeakMap<object, ReadonlySet<unknown>>,
): object {
  const values = new Map<string, readonly unknown[]>();
  const fields: Record<string, string> = {};
  const add = (name: string, type: string, entries: unknown[]): void => {
    fields[name] = type;
    values.set(name, entries);
    members.set(entries, new Set(entries));
  };
  for (const [name, entries] of lists) {
    if (entries.every((entry) => typeof entry === 'string')) {
      add(name, 'list<string>', [...entries]);
      add(loweredList(name), 'list<string>', entries.map(lower));
    } else if (entries.every((entry) => Number.isSafeInteger(entry))) {
      add(name, 'list<int>', entries.map(BigInt));
    } else {
      add(name, 'list<double>', entries.map(Number));
    }
  }
  cel.registerType(listsType, { ctor: ListsView, fields }).registerVariable('lists', listsType);
  return new ListsView(values);
}

/**
 * The library's own `matches` runs JavaScript's backtracking engine, and its case functions know all of Unicode. Calls
 * are renamed to these instead (see fold-case.ts); a trailing `~` cannot be written in a condition.
 */
function registerFunctions(
  cel: Environment,
  patterns: Patterns,
  members: WeakMap<object, ReadonlySet<unknown>>,
): void {
  const text = { receiverType: 'string', returnType: 'string', async: false, params: [] };
  const pattern = {
    receiverType: 'string',
    returnType: 'bool',
    async: false,
    params: [{ name: 'pattern', type: 'string' }],
  };
  cel
    .registerFunction({ ...text, name: 'lowerAscii~', handler: (value: string) => lower(value) })
    .registerFunction({ ...text, name: 'upperAscii~', handler: upper })
    .registerFunction({
      ...pattern,
      name: 'matches~',
      handler: (value: string, regex: string) => patterns.test('matches', value, regex),
    })
    .registerFunction({
      ...pattern,
      name: 'matchesWithoutCase~',
      handler: (value: string, regex: string) => patterns.test('matchesWithoutCase', value, regex),
    })
    .registerFunction('sameId(string, string): bool', (a: string, b: string) => lower(a) === lower(b), {
      async: false,
    })
    .registerFunction(
      'ticket(string, string): bool',
      (value: string, regex: string) => patterns.test('ticket', value, regex),
      { async: false },
    )
    .registerFunction(
      'glob(string, string): bool',
      (value: string, glob: string) => patterns.glob(value, glob),
      { async: false },
    )
    .registerOperator(
      'string in list<string>: bool',
      (item: string, list: readonly string[]) => members.get(list)?.has(item) ?? list.includes(item),
    );
}

function boundsOf(lists: PolicyLists): Map<string, { text: number; entries: number }> {
  const longest = (entries: readonly (string | number)[]): number =>
    entries.reduce<number>((most, entry) => Math.max(most, String(entry).length), 0);
  return new Map(
    [...lists].map(([name, entries]) => [name, { text: longest(entries), entries: entries.length }]),
  );
}

function literalChecker(): NameContext['literalProblem'] {
  const cel = new Environment().registerVariable('text', 'string');
  const checks = { timestamp: cel.parse('timestamp(text)'), duration: cel.parse('duration(text)') };
  return (kind, text) => {
    try {
      checks[kind]({ text });
      return undefined;
    } catch {
      return kind === 'duration'
        ? 'not a duration: write hours, minutes or seconds, such as "168h" for seven days'
        : 'not a timestamp: write it like "2026-01-31T00:00:00Z"';
    }
  };
}
