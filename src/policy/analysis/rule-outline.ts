import type { CelNode } from '../cel/ast';
import { type CelEnvironment, createEnvironment, type PolicyLists } from '../cel/environment';
import type { AnswerPolicy } from '../answers/answer-policy';
import { defaultMode } from '../compile-policy';
import type { Effect, Mode } from '../decision';
import { mergeAnswers, mergeLimits, mergeLists, mergeModes } from '../file/merge-files';
import { type ParsedFile, type ParsedList, type ParsedRule, parsePolicyFile } from '../file/parse-policy';
import { policyFilesOf } from '../file/policy-files';
import type { Place, SourceText } from '../file/source-text';
import type { PolicyFile, WriteLimits } from '../policy';
import { type RuleTypes, ruleTypes } from '../rule-types';

export { factPathsOf, pathOf, type FactPath } from '../cel/fact-paths';

/** A policy as its author wrote it, for tools that explain it. Decisions come only from `loadPolicy`. */
export interface PolicyOutline {
  /** The mode that the files state. A setting may override it. */
  readonly mode: Mode;
  readonly limits: WriteLimits;
  /** Who may answer held connections. Absent: nobody. */
  readonly answers: AnswerPolicy | undefined;
  /** Where a file says that. */
  readonly consolePlace: { readonly place: Place; readonly source: SourceText } | undefined;
  readonly rules: readonly RuleOutline[];
  readonly lists: readonly (ParsedList & { readonly source: SourceText })[];
  readonly managedLists: readonly ManagedListOutline[];
  readonly environment: CelEnvironment;
  readonly entries: PolicyLists;
}

/** A list whose entries Postern reads from Azure. */
export interface ManagedListOutline {
  readonly name: string;
  /** The id of the management group. */
  readonly group: string;
  readonly place: Place;
  readonly source: SourceText;
}

/** A rule as its author wrote it. */
export interface RuleOutline {
  readonly name: string;
  readonly effect: Effect;
  /** In lower case. */
  readonly statuses: readonly string[];
  /** The types of target that the rule applies to. */
  readonly types: RuleTypes;
  readonly when: string;
  /** The condition's syntax tree, as written. */
  readonly condition: CelNode;
  readonly source: SourceText;
  readonly parsed: ParsedRule;
  /** The line of the name, 1-based. */
  readonly line: number;
}

/**
 * Outlines a policy.
 *
 * @param files files that `loadPolicy` has loaded
 * @throws ParseError of the CEL parser for other files
 */
export function outlinePolicy(files: readonly PolicyFile[]): PolicyOutline {
  const parsed = policyFilesOf(files).map(parsePolicyFile);
  const { lists: entries, managed } = mergeLists(parsed);
  const environment = createEnvironment(
    entries,
    managed.map(({ name }) => name),
  );
  return {
    mode: mergeModes(parsed).mode ?? defaultMode,
    limits: mergeLimits(parsed).limits,
    answers: mergeAnswers(parsed).answers,
    consolePlace: parsed.flatMap(({ source, console }) =>
      console ? [{ source, place: console.place }] : [],
    )[0],
    environment,
    entries,
    lists: parsed.flatMap(({ source, lists }) => lists.map((list) => ({ ...list, source }))),
    managedLists: parsed.flatMap(({ source, managedLists }) =>
      managedLists.map(({ name, place, source: from }) => ({ name, group: from.group, place, source })),
    ),
    rules: parsed.flatMap((file) => rulesOf(file, environment)),
  };
}

function rulesOf({ source, rules }: ParsedFile, environment: CelEnvironment): RuleOutline[] {
  return rules.flatMap((rule) => {
    const { name, effect, when, on } = rule;
    if (name === undefined || effect === undefined || when === undefined) return [];
    const statuses = on.length === 0 ? ['pending'] : on.map(({ status }) => status.toLowerCase());
    const { line } = source.problem(name.place, '');
    const condition = environment.cel.parse(when.value).ast;
    const types = ruleTypes(rule);
    return [
      { name: name.text, effect, statuses, types, when: when.value, condition, source, parsed: rule, line },
    ];
  });
}
