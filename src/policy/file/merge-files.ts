import type { PolicyLists } from '../cel/environment';
import { lower } from '../../base/compare';
import type { AnswerPolicy, RuleAnswers } from '../answers/answer-policy';
import type { Mode } from '../decision';
import { knownMicrosoftTenants } from '../facts/microsoft-tenants';
import type { ManagedList } from '../lists/managed-list';
import type { ParsedFile } from './parse-policy';
import type { PolicyProblem, WriteLimits } from '../policy';
import { listNamePattern } from './policy-schema';
import type { Place, SourceText } from './source-text';

/** Finds the mode that one of the files states. A second one is a problem, even if it is the same. */
export function mergeModes(files: readonly ParsedFile[]): {
  readonly mode: Mode | undefined;
  readonly problems: readonly PolicyProblem[];
} {
  const { value, problems } = statedOnce(files, '`mode` is', ({ mode }) => mode);
  return { mode: value, problems };
}

/** Finds the limits that one of the files states. Limits in a second file are a problem. */
export function mergeLimits(files: readonly ParsedFile[]): {
  readonly limits: WriteLimits;
  readonly problems: readonly PolicyProblem[];
} {
  const { value, problems } = statedOnce(files, '`limits` are', ({ limits }) => limits);
  return { limits: value ?? {}, problems };
}

/**
 * Finds who may answer held connections: what one of the files states, and what rules say instead. Nobody
 * may if no file states it, whatever the rules say. A second statement is a problem.
 */
export function mergeAnswers(files: readonly ParsedFile[]): {
  readonly answers: AnswerPolicy | undefined;
  readonly problems: readonly PolicyProblem[];
} {
  const { value, problems } = statedOnce(files, '`console` is', (file) => file.console);
  const rules = files.flatMap((file) =>
    file.rules.flatMap(({ name, console }): [string, RuleAnswers][] =>
      name === undefined || console?.value === undefined ? [] : [[name.text, console.value]],
    ),
  );
  return { answers: value && { ...value, rules: new Map(rules) }, problems };
}

/** Finds the tenants of Microsoft, those that one of the files states and those that are known. */
export function mergeTenants(files: readonly ParsedFile[]): {
  readonly microsoftTenants: ReadonlySet<string>;
  readonly problems: readonly PolicyProblem[];
} {
  const { value = [], problems } = statedOnce(files, '`tenants` are', ({ tenants }) => tenants);
  return { microsoftTenants: new Set([...knownMicrosoftTenants, ...value.map(lower)]), problems };
}

/**
 * Collects the lists of all files by name. `complete` is false if a file may have more lists than
 * could be parsed.
 */
export function mergeLists(files: readonly ParsedFile[]): {
  readonly lists: PolicyLists;
  readonly managed: readonly ManagedList[];
  readonly complete: boolean;
  readonly problems: readonly PolicyProblem[];
} {
  const plain = files.flatMap(({ source, lists }) => lists.map((list) => ({ source, ...list })));
  const all = files.flatMap(({ source, lists, managedLists }) =>
    [...lists, ...managedLists]
      .toSorted((one, other) => one.place.offset - other.place.offset)
      .map(({ name, place }) => ({ source, name, place })),
  );
  return {
    lists: new Map(
      plain.filter(({ name }) => listNamePattern.test(name)).map(({ name, entries }) => [name, entries]),
    ),
    managed: files.flatMap(({ managedLists }) => managedLists.map(withoutPlace)),
    complete: files.every(({ listsComplete }) => listsComplete),
    problems: repeats(all, (name) => `the list \`${name}\` is`),
  };
}

function withoutPlace({ name, source, maxAgeSeconds }: ManagedList): ManagedList {
  return { name, source, maxAgeSeconds };
}

/**
 * Finds rule names that are used twice. Names are unique over all files and without case, because
 * decisions refer to them.
 */
export function ruleNameProblems(files: readonly ParsedFile[]): readonly PolicyProblem[] {
  const named = files.flatMap(({ source, rules }) =>
    rules.flatMap(({ name }) => (name === undefined ? [] : [{ source, name: name.text, place: name.place }])),
  );
  return repeats(named, (name) => `a rule named \`${name}\` is`);
}

function statedOnce<Value>(
  files: readonly ParsedFile[],
  what: string,
  from: (file: ParsedFile) => { readonly value: Value; readonly place: Place } | undefined,
): { readonly value: Value | undefined; readonly problems: readonly PolicyProblem[] } {
  const stated = files.flatMap((file) => {
    const found = from(file);
    return found === undefined ? [] : [{ source: file.source, ...found }];
  });
  const [first, ...others] = stated;
  const problems = others.map(({ source, place }) => repeated(what, source, place, first));
  return { value: first?.value, problems };
}

interface Named {
  readonly source: SourceText;
  readonly name: string;
  readonly place: Place;
}

function repeats(items: readonly Named[], what: (name: string) => string): PolicyProblem[] {
  const first = new Map<string, Named>();
  return items.flatMap((item) => {
    const key = item.name.toLowerCase();
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, item);
    return earlier === undefined
      ? []
      : [repeated(what(item.name.slice(0, 64)), item.source, item.place, earlier)];
  });
}

function repeated(
  what: string,
  source: SourceText,
  place: Place,
  first: Pick<Named, 'source' | 'place'> | undefined,
): PolicyProblem {
  const earlier = first?.source.problem(first.place, '');
  return source.problem(place, `${what} already in ${earlier?.path}:${earlier?.line}: keep one of them`);
}
