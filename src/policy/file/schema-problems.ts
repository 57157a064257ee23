import { type Document, isMap, isScalar, isSeq } from 'yaml';
import type * as z from '../../base/schema/schema';
import { fixFor, nearest } from '../../base/did-you-mean';
import { consoleKeys } from '../answers/answers-schema';
import { approvalsSchema, limitKeys } from './limits-schema';
import { managedListKeys } from '../lists/list-schema';
import { limitedKinds, type PolicyProblem } from '../policy';
import { policyFileSchema, ruleSchema } from './policy-schema';
import { type Place, placeOf, type SourceText } from './source-text';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** Lists the keys that a map of a file can have. `path`: where the map is. */
export type KeysAt = (path: Path) => readonly string[];

/**
 * Turns schema issues into problems with a place and a message that says how to fix them. `keysAt`: the keys of the
 * file's format. Default: those of a policy file.
 */
export function problemsFromIssues(
  issues: readonly Issue[],
  document: Document.Parsed,
  source: SourceText,
  keysAt: KeysAt = policyKeysAt,
): PolicyProblem[] {
  const misspelled = new Set(issues.flatMap((issue) => meantKeys(issue, keysAt)));
  const odd = new Set(
    issues.flatMap(({ code, path }) => (code === 'unrecognized_keys' ? pathKey(path) : [])),
  );
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return unknownKeys(issue, keysAt(issue.path), document, source);
    if (issue.code === 'invalid_key') return [listName(issue.path, document, source)];
    if (issue.code === 'invalid_union') return unionProblems(issue, document, source);
    // An issue of a map as a whole is only a consequence of its unknown key.
    if (issue.code === 'custom' && odd.has(pathKey(issue.path))) return [];
    const missing = nodeAt(document, issue.path) === undefined;
    if (missing && misspelled.has(pathKey(issue.path))) return [];
    const path = missing ? issue.path.slice(0, -1) : issue.path;
    return [source.problem(placeAt(document, path, missing), issue.message)];
  });
}

/**
 * Returns the paths of the keys that unknown keys were probably meant to be, so that they are not
 * reported as missing.
 */
function meantKeys(issue: Issue, keysAt: KeysAt): readonly string[] {
  if (issue.code !== 'unrecognized_keys') return [];
  return issue.keys.flatMap((key) => {
    const meant = nearest(key, keysAt(issue.path));
    return meant === undefined ? [] : [pathKey([...issue.path, meant])];
  });
}

function pathKey(path: Path): string {
  return JSON.stringify(path);
}

function policyKeysAt(path: Path): readonly string[] {
  if (path.length === 0) return Object.keys(policyFileSchema.shape);
  if (path[0] === 'lists') return managedListKeys;
  if (path[0] === 'limits') return path.length === 1 ? limitedKinds : limitKeys;
  if (path[0] === 'console') return path.length === 1 ? consoleKeys.file : consoleKeys.perHour;
  if (path[2] === 'console') return consoleKeys.rule;
  return Object.keys(path.length === 2 ? ruleSchema.shape : approvalsSchema.shape);
}

function unknownKeys(
  { path, keys }: Extract<Issue, { code: 'unrecognized_keys' }>,
  allowed: readonly string[],
  document: Document.Parsed,
  source: SourceText,
): PolicyProblem[] {
  return keys.map((key) =>
    source.problem(
      keyPlace(document, [...path, key]),
      `unknown key \`${key.slice(0, 64)}\`: ${fixFor(key, allowed)}`,
    ),
  );
}

function listName(path: Path, document: Document.Parsed, source: SourceText): PolicyProblem {
  const message =
    'a list name has 1 to 64 letters, digits and underscores, begins with a letter and is not a CEL keyword: conditions write `lists.<name>`';
  return source.problem(keyPlace(document, path), message);
}

/**
 * A union is `on` or `console` of a rule, or the entries of a list. Each has better messages than the
 * schema's.
 */
function unionProblems(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  document: Document.Parsed,
  source: SourceText,
): PolicyProblem[] {
  const node = nodeAt(document, issue.path);
  if ((issue.path[0] === 'lists' || issue.path[2] === 'console') && isMap(node)) {
    const inner = (issue.errors.at(-1) ?? []).map((each) => ({
      ...each,
      path: [...issue.path, ...each.path],
    }));
    return problemsFromIssues(inner, document, source);
  }
  if (issue.path[2] === 'console')
    return [source.problem(placeAt(document, issue.path, false), issue.message)];
  if (issue.path[0] === 'lists') return [listProblem(issue.path, document, source)];
  const branch = issue.errors[isSeq(node) ? 1 : 0] ?? [];
  const inner = isSeq(node) || typeof scalarValue(node) === 'string' ? branch : [];
  if (inner.length === 0) return [source.problem(placeAt(document, issue.path, false), issue.message)];
  return inner.map((error) =>
    source.problem(placeAt(document, [...issue.path, ...error.path], false), error.message),
  );
}

function listProblem(path: Path, document: Document.Parsed, source: SourceText): PolicyProblem {
  const node = nodeAt(document, path);
  const at = (place: Path, message: string): PolicyProblem =>
    source.problem(placeAt(document, place, false), message);
  if (!isSeq(node)) return at(path, 'a list must be a list: write `[a, b]`, or one `- entry` a line');
  const kinds = node.items.map((item) => typeof scalarValue(item));
  const wanted = kinds[0] === 'number' ? 'number' : 'string';
  const odd = kinds.findIndex((kind) => kind !== wanted);
  if (odd === -1) return at(path, 'a number is too large: put the numbers in quotes');
  if (wanted === 'number' || kinds[odd] === 'number') {
    return at([...path, odd], 'the list mixes text and numbers: put the numbers in quotes');
  }
  return at([...path, odd], 'an entry must be text or a number: put it in quotes');
}

function nodeAt(document: Document.Parsed, path: Path): unknown {
  return path.length === 0 ? document.contents : document.getIn(path, true);
}

function scalarValue(node: unknown): unknown {
  return isScalar(node) ? node.value : undefined;
}

/**
 * @param missing whether a key is missing: then the place is the first key of the map that should
 * have it
 */
function placeAt(document: Document.Parsed, path: Path, missing: boolean): Place {
  const node = nodeAt(document, path);
  if (missing && isMap(node)) return placeOf(node.items[0]?.key ?? node);
  return placeOf(node);
}

function keyPlace(document: Document.Parsed, path: Path): Place {
  const parent = nodeAt(document, path.slice(0, -1));
  const name = path.at(-1);
  const pair = isMap(parent) ? parent.items.find((item) => scalarValue(item.key) === name) : undefined;
  return placeOf(pair?.key ?? parent);
}
