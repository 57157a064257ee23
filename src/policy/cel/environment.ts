import { Environment } from '@marcbachmann/cel-js';
import { foldText, raiseText } from '../../connections/fold-text';
import { type FactRoot, factRoots, fieldsOf } from '../facts/fact-fields';
import { factGroups } from '../facts/fact-view';
import type { NameContext } from './check-names';
import { durationProblem } from '../file/time-span';
import { listBounds } from '../lists/managed-list';
import { type PolicyLists, registerLists, type ViewLists } from './lists';
import { Patterns } from './patterns';

export type { PolicyLists };

/** The CEL environment that all conditions of one policy share. */
export interface CelEnvironment {
  readonly cel: Environment;
  readonly names: NameContext;
  /** By the name of the list: its number of entries, and the length of the longest. */
  readonly listBounds: ReadonlyMap<string, { readonly text: number; readonly entries: number }>;
  /** The names of the lists whose entries Postern reads from Azure. */
  readonly managedLists: readonly string[];
  readonly viewLists: ViewLists;
}

const typeNames: Readonly<Record<FactRoot, string>> = {
  connection: 'Connection',
  endpoint: 'Endpoint',
  requester: 'Requester',
  target: 'Target',
  expected: 'Expected',
  consumer: 'Consumer',
};

/** Structural limits of one condition, enforced by the parser. */
const limits = {
  maxAstNodes: 1_000,
  maxDepth: 40,
  maxListElements: 200,
  maxMapEntries: 50,
  maxCallArguments: 4,
};

/**
 * Creates the environment of a policy: declares facts, lists and functions, so that conditions can
 * be type-checked. `managed` are the names of the lists that are given with each decision.
 */
export function createEnvironment(lists: PolicyLists, managed: readonly string[] = []): CelEnvironment {
  const patterns = new Patterns([...lists.values()].flat().filter((entry) => typeof entry === 'string'));
  const cel = new Environment({ limits });
  registerFacts(cel);
  registerFunctions(cel, patterns);
  const viewLists = registerLists(cel, lists, managed);
  const listNames = new Set([...lists.keys(), ...managed]);
  return {
    cel,
    names: { listNames, patterns, literalProblem: literalChecker() },
    listBounds: boundsOf(lists, managed),
    managedLists: managed,
    viewLists,
  };
}

function registerFacts(cel: Environment): void {
  for (const root of factRoots) {
    const fields = Object.fromEntries(Object.entries(fieldsOf(root)).map(([name, { type }]) => [name, type]));
    cel
      .registerType(typeNames[root], { ctor: factGroups[root], fields })
      .registerVariable(root, typeNames[root]);
  }
  cel.registerVariable('now', 'google.protobuf.Timestamp');
}

/**
 * Registers our functions. The library's `matches` uses JavaScript's backtracking engine, and its
 * case functions convert all of Unicode, so `foldCase` renames calls of them to ours. No condition
 * can call ours directly: `~` is not part of a name.
 */
function registerFunctions(cel: Environment, patterns: Patterns): void {
  const text = { receiverType: 'string', returnType: 'string', async: false, params: [] };
  const pattern = {
    receiverType: 'string',
    returnType: 'bool',
    async: false,
    params: [{ name: 'pattern', type: 'string' }],
  };
  cel
    .registerFunction({ ...text, name: 'lowerAscii~', handler: (value: string) => foldText(value) })
    .registerFunction({ ...text, name: 'upperAscii~', handler: raiseText })
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
    .registerFunction('sameId(string, string): bool', (a: string, b: string) => foldText(a) === foldText(b), {
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
    );
}

function boundsOf(
  lists: PolicyLists,
  managed: readonly string[],
): Map<string, { text: number; entries: number }> {
  const largest = { text: listBounds.entryLength, entries: listBounds.entries };
  const longest = (entries: readonly (string | number)[]): number =>
    entries.reduce<number>((most, entry) => Math.max(most, String(entry).length), 0);
  return new Map([
    ...[...lists].map(
      ([name, entries]) => [name, { text: longest(entries), entries: entries.length }] as const,
    ),
    ...managed.map((name) => [name, largest] as const),
  ]);
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
        ? durationProblem(text)
        : 'not a timestamp: write it like "2026-01-31T00:00:00Z"';
    }
  };
}
