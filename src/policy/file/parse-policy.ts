import { type Document, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, visit } from 'yaml';
import type { Effect, Mode } from '../decision';
import { limitsFrom } from './limits-schema';
import type { PolicyFile, PolicyProblem, WriteLimits } from '../policy';
import { policyLimits } from './policy-limits';
import { effects, policyFileSchema } from './policy-schema';
import { parseYaml } from './parse-yaml';
import { problemsFromIssues } from './schema-problems';
import { type Place, placeOf, SourceText } from './source-text';
import { parseTimeSpan } from './time-span';
import { byItsSign } from './yaml-signs';

/** What a file says, as far as it could be understood, with the places for problems found later. */
export interface ParsedFile {
  readonly source: SourceText;
  readonly mode: { readonly value: Mode; readonly place: Place } | undefined;
  /** Empty when something about them is wrong, and a problem says so. */
  readonly limits: { readonly value: WriteLimits; readonly place: Place } | undefined;
  readonly lists: readonly ParsedList[];
  /** False when the file may hold more lists than could be understood. */
  readonly listsComplete: boolean;
  readonly rules: readonly ParsedRule[];
  readonly problems: readonly PolicyProblem[];
}

export interface ParsedList {
  readonly name: string;
  readonly place: Place;
  readonly entries: readonly string[] | readonly number[];
  /** Where each entry stands. */
  readonly entryPlaces: readonly Place[];
}

/** A rule; what is `undefined` was missing or wrong, and a problem says so. */
export interface ParsedRule {
  readonly name: { readonly text: string; readonly place: Place } | undefined;
  readonly effect: Effect | undefined;
  readonly on: readonly { readonly status: string; readonly place: Place }[];
  /** Where the rule begins. */
  readonly place: Place;
  readonly when: Scalar<string> | undefined;
  readonly reason: string | undefined;
  /** Whether it says that it approves whoever asks; where. */
  readonly approvesAnyone: { readonly value: boolean; readonly place: Place } | undefined;
  readonly approvals: { readonly expireAfterSeconds: number | undefined; readonly place: Place } | undefined;
}

/** Understands one file and finds everything that is wrong with its form. Conditions are not looked into. Never throws. */
export function parsePolicyFile(file: PolicyFile): ParsedFile {
  const source = new SourceText(file);
  const empty = { source, mode: undefined, limits: undefined, lists: [], listsComplete: false, rules: [] };
  if (Buffer.byteLength(file.text) > policyLimits.fileBytes) {
    const message = `the file is larger than ${policyLimits.fileBytes / 1024} KiB: split it`;
    return { ...empty, problems: [source.problem({ offset: 0, length: 1 }, message)] };
  }
  const yaml = parseYaml(source);
  if (yaml.kind === 'refused') return { ...empty, problems: yaml.problems };

  const { document } = yaml;
  const checked = policyFileSchema.safeParse(document.toJS({ maxAliasCount: 0 }) ?? {});
  const problems = [
    ...(checked.success ? [] : problemsFromIssues(checked.error.issues, document, source)).map((problem) =>
      byItsSign(problem, source),
    ),
    ...prototypeKeys(document, source),
  ];
  const listsComplete = checked.success || checked.error.issues.every(({ path }) => path[0] !== 'lists');
  const limits = { value: limitsFrom(checked.data?.limits ?? {}), place: keyOf(document.contents, 'limits') };
  const content = { mode: modeOf(document), lists: listsOf(document), rules: rulesOf(document) };
  return { source, problems, listsComplete, ...content, limits: stated(limits) };
}

/** Keys that no object of JavaScript keeps as its own: they would be lost in silence. */
function prototypeKeys(document: Document.Parsed, source: SourceText): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  visit(document, {
    Pair: (_, { key }) => {
      if (isScalar(key) && key.value === '__proto__')
        problems.push(
          source.problem(placeOf(key), 'nothing in a policy can be called `__proto__`: take another name'),
        );
    },
  });
  return problems;
}

function modeOf(document: Document.Parsed): ParsedFile['mode'] {
  const node = document.getIn(['mode'], true);
  if (!isScalar(node) || (node.value !== 'enforce' && node.value !== 'audit')) return undefined;
  return { value: node.value, place: placeOf(node) };
}

function listsOf(document: Document.Parsed): ParsedList[] {
  const lists = document.getIn(['lists'], true);
  return isMap(lists) ? lists.items.flatMap((pair) => listOf(pair as Pair<Scalar<string>, Node>) ?? []) : [];
}

function listOf({ key, value }: Pair<Scalar<string>, Node>): ParsedList | undefined {
  if (!isSeq(value)) return undefined;
  const entries: unknown[] = value.items.map((item) => (isScalar(item) ? item.value : undefined));
  const named = { name: key.value, place: placeOf(key), entryPlaces: value.items.map(placeOf) };
  if (entries.every((entry) => typeof entry === 'string')) return { ...named, entries };
  return entries.every((entry) => typeof entry === 'number') ? { ...named, entries } : undefined;
}

function rulesOf(document: Document.Parsed): ParsedRule[] {
  const rules = document.getIn(['rules'], true);
  if (!isSeq(rules)) return [];
  return rules.items
    .filter((item) => isMap(item))
    .map((rule) => {
      const name = textOf(rule.get('name', true));
      const effect = rule.get('effect');
      return {
        name: name && { text: name.value, place: placeOf(name) },
        effect: effects.find((word) => word === effect),
        on: statusesOf(rule.get('on', true)),
        place: placeOf(rule),
        when: textOf(rule.get('when', true)),
        reason: textOf(rule.get('reason', true))?.value,
        approvesAnyone: stated({
          value: rule.get('approvesAnyone') === true,
          place: keyOf(rule, 'approvesAnyone'),
        }),
        approvals: stated({
          expireAfterSeconds: parseTimeSpan(
            textOf(rule.getIn(['approvals', 'expireAfter'], true))?.value ?? '',
          ),
          place: keyOf(rule, 'approvals'),
        }),
      };
    });
}

/** Where a key of a map stands; `undefined` when it is not there. */
function keyOf(map: unknown, name: string): Place | undefined {
  const pair = isMap(map) && map.items.find(({ key }) => isScalar(key) && key.value === name);
  return pair ? placeOf(pair.key) : undefined;
}

/** What has a place in the file; `undefined` for what has none. */
function stated<Part extends { readonly place: Place | undefined }>(
  part: Part,
): (Part & { readonly place: Place }) | undefined {
  const { place } = part;
  return place && { ...part, place };
}

function textOf(node: unknown): Scalar<string> | undefined {
  return isScalar(node) && typeof node.value === 'string' && node.value.trim() !== ''
    ? (node as Scalar<string>)
    : undefined;
}

function statusesOf(node: unknown): ParsedRule['on'] {
  const items = isSeq(node) ? node.items : [node];
  return items.flatMap((item) => {
    const text = textOf(item);
    return text === undefined ? [] : [{ status: text.value, place: placeOf(text) }];
  });
}
