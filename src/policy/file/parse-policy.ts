import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  visit,
} from 'yaml';
import type { Effect, Mode } from '../decision';
import { managedListFrom } from '../lists/list-schema';
import { consoleFrom, ruleAnswersFrom, type StatedConsole } from '../answers/answers-schema';
import type { RuleAnswers } from '../answers/answer-policy';
import type { ManagedList } from '../lists/managed-list';
import { limitsFrom } from './limits-schema';
import type { PolicyFile, PolicyProblem, WriteLimits } from '../policy';
import { policyLimits } from './policy-limits';
import { effects, policyFileSchema } from './policy-schema';
import { parseYaml } from './parse-yaml';
import { problemsFromIssues } from './schema-problems';
import { type Place, placeOf, SourceText } from './source-text';
import { parseTimeSpan } from './time-span';
import { blameOddCharacter } from './yaml-characters';

/**
 * The content of a policy file, as far as it could be parsed, with the places for problems that are
 * found later.
 */
export interface ParsedFile {
  readonly source: SourceText;
  readonly mode: { readonly value: Mode; readonly place: Place } | undefined;
  /** Empty if something in them is wrong; then there is a problem about it. */
  readonly limits: { readonly value: WriteLimits; readonly place: Place } | undefined;
  /** Empty if something in them is wrong; then there is a problem about it. */
  readonly tenants: { readonly value: readonly string[]; readonly place: Place } | undefined;
  /** Empty if something in it is wrong; then there is a problem about it. */
  readonly console: { readonly value: StatedConsole; readonly place: Place } | undefined;
  readonly lists: readonly ParsedList[];
  readonly managedLists: readonly ParsedManagedList[];
  /** False if the file may have more lists than could be parsed. */
  readonly listsComplete: boolean;
  readonly rules: readonly ParsedRule[];
  readonly problems: readonly PolicyProblem[];
}

/** A list of a policy file. */
export interface ParsedList {
  readonly name: string;
  readonly place: Place;
  readonly entries: readonly string[] | readonly number[];
  /** The place of each entry. */
  readonly entryPlaces: readonly Place[];
}

/** A list of a policy file whose entries Postern reads from Azure. */
export interface ParsedManagedList extends ManagedList {
  readonly place: Place;
}

/**
 * A rule of a policy file. If a required part is undefined, it was missing or wrong, and there is a
 * problem about it.
 */
export interface ParsedRule {
  readonly name: { readonly text: string; readonly place: Place } | undefined;
  readonly effect: Effect | undefined;
  readonly on: readonly { readonly status: string; readonly place: Place }[];
  /** The words of services and types that the rule is for; empty: all. */
  readonly targets: readonly string[];
  /** The place of the whole rule. */
  readonly place: Place;
  readonly when: Scalar<string> | undefined;
  readonly reason: string | undefined;
  readonly reasonPlace: Place | undefined;
  /** Whether the rule states that it approves whoever asks. */
  readonly approvesAnyone: { readonly value: boolean; readonly place: Place } | undefined;
  readonly approvals: { readonly expireAfterSeconds: number | undefined; readonly place: Place } | undefined;
  /** What the rule says about answers of people. */
  readonly console: { readonly value: RuleAnswers | undefined; readonly place: Place } | undefined;
}

/**
 * Parses a policy file and finds everything that is wrong with its form. Does not parse conditions.
 * Never throws.
 */
export function parsePolicyFile(file: PolicyFile): ParsedFile {
  const source = new SourceText(file);
  const empty = {
    source,
    mode: undefined,
    limits: undefined,
    tenants: undefined,
    console: undefined,
    lists: [],
    managedLists: [],
    listsComplete: false,
    rules: [],
  };
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
      blameOddCharacter(problem, source),
    ),
    ...prototypeKeys(document, source),
  ];
  const listsComplete = checked.success || checked.error.issues.every(({ path }) => path[0] !== 'lists');
  const limits = { value: limitsFrom(checked.data?.limits ?? {}), place: keyOf(document.contents, 'limits') };
  const content = {
    mode: modeOf(document),
    lists: listPairs(document).flatMap((pair) => listOf(pair) ?? []),
    managedLists: listPairs(document).flatMap((pair) => managedListOf(pair, document) ?? []),
    rules: rulesOf(document),
  };
  const tenants = {
    value: checked.data?.tenants?.microsoft ?? [],
    place: keyOf(document.contents, 'tenants'),
  };
  const answers = {
    value: consoleFrom(checked.data?.console ?? {}),
    place: keyOf(document.contents, 'console'),
  };
  const once = { limits: stated(limits), tenants: stated(tenants), console: stated(answers) };
  return { source, problems, listsComplete, ...content, ...once };
}

/** Finds keys that JavaScript objects do not keep as their own, so that they would be lost silently. */
function prototypeKeys(document: Document.Parsed, source: SourceText): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  visit(document, {
    Pair: (_, { key }) => {
      if (isScalar(key) && key.value === '__proto__')
        problems.push(
          source.problem(placeOf(key), 'nothing in a policy can be called `__proto__`: use another name'),
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

function listPairs(document: Document.Parsed): readonly Pair<Scalar<string>, Node>[] {
  const lists = document.getIn(['lists'], true);
  return isMap(lists) ? (lists.items as Pair<Scalar<string>, Node>[]) : [];
}

function listOf({ key, value }: Pair<Scalar<string>, Node>): ParsedList | undefined {
  if (!isSeq(value)) return undefined;
  const entries: unknown[] = value.items.map((item) => (isScalar(item) ? item.value : undefined));
  const named = { name: key.value, place: placeOf(key), entryPlaces: value.items.map(placeOf) };
  if (entries.every((entry) => typeof entry === 'string')) return { ...named, entries };
  return entries.every((entry) => typeof entry === 'number') ? { ...named, entries } : undefined;
}

function managedListOf(
  { key, value }: Pair<Scalar<string>, Node>,
  document: Document.Parsed,
): ParsedManagedList | undefined {
  const content = isMap(value) ? managedListFrom(value.toJS(document, { maxAliasCount: 0 })) : undefined;
  return content && { ...content, name: key.value, place: placeOf(key) };
}

function rulesOf(document: Document.Parsed): ParsedRule[] {
  const rules = document.getIn(['rules'], true);
  if (!isSeq(rules)) return [];
  return rules.items
    .filter((item) => isMap(item))
    .map((rule) => {
      const name = textOf(rule.get('name', true));
      const effect = rule.get('effect');
      const reason = textOf(rule.get('reason', true));
      return {
        name: name && { text: name.value, place: placeOf(name) },
        effect: effects.find((word) => word === effect),
        on: statusesOf(rule.get('on', true)),
        targets: targetsOf(rule.get('targets', true)),
        place: placeOf(rule),
        when: textOf(rule.get('when', true)),
        reason: reason?.value,
        reasonPlace: reason && placeOf(reason),
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
        console: stated({
          value: ruleAnswersFrom(plainOf(rule.get('console', true), document)),
          place: keyOf(rule, 'console'),
        }),
      };
    });
}

function plainOf(node: unknown, document: Document.Parsed): unknown {
  return isNode(node) ? node.toJS(document, { maxAliasCount: 0 }) : undefined;
}

/** Finds the place of a key of a map. Returns undefined if the map does not have it. */
function keyOf(map: unknown, name: string): Place | undefined {
  const pair = isMap(map) && map.items.find(({ key }) => isScalar(key) && key.value === name);
  return pair ? placeOf(pair.key) : undefined;
}

/** Returns `part` if it has a place in the file, otherwise undefined. */
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

function targetsOf(node: unknown): readonly string[] {
  return isSeq(node) ? node.items.flatMap((item) => textOf(item)?.value ?? []) : [];
}

function statusesOf(node: unknown): ParsedRule['on'] {
  const items = isSeq(node) ? node.items : [node];
  return items.flatMap((item) => {
    const text = textOf(item);
    return text === undefined ? [] : [{ status: text.value, place: placeOf(text) }];
  });
}
