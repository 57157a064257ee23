import type { Scalar } from 'yaml';
import { compareText } from '../base/compare';
import { digestOfSeen } from './answers/seen';
import type { CelProblem } from './cel/ast';
import { compileCondition, type Condition } from './cel/condition';
import { allReads } from './cel/costly-reads';
import { type FactPath, factPathsOf } from './cel/fact-paths';
import { type CelEnvironment, createEnvironment } from './cel/environment';
import { type CompiledRule, decide, type GivenLists, rulesByStatus } from './decide';
import type { Mode } from './decision';
import {
  mergeAnswers,
  mergeLimits,
  mergeLists,
  mergeModes,
  mergeTenants,
  ruleNameProblems,
} from './file/merge-files';
import { readExpected } from './expected/read-expected';
import { type ParsedFile, type ParsedRule, parsePolicyFile } from './file/parse-policy';
import { isExpectedPath, policyDigest, policyFilesOf } from './file/policy-files';
import { policyLimits } from './file/policy-limits';
import { placeOf, ScalarOffsets, type SourceText } from './file/source-text';
import { commentAfter, isCutOff, shownComment } from './file/cut-values';
import { knownStatusFrom, statusProblem, transitionProblem } from './file/statuses';
import { withTenantKind } from './facts/tenant-kind';
import { noLists, type UsableLists } from './lists/list-snapshot';
import { leavesOpen } from './open-rules';
import type { Policy, PolicyFile, PolicyLoad, PolicyProblem } from './policy';
import { ruleTypes } from './rule-types';
import { unsafeReason } from './target-safety';

/** Options of `loadPolicy`. */
export interface LoadOptions {
  /**
   * Replaces the mode that the files state. Not part of the digest, because every decision names
   * its mode.
   */
  readonly modeOverride?: Mode | undefined;
  /**
   * A policy that was loaded with the same options. If its files are the same, it is not compiled
   * again, and only expected requests are read.
   */
  readonly known?: Policy | undefined;
}

/** The mode of a policy that states none: decide and record, write nothing. */
export const defaultMode: Mode = 'audit';

const maxProblems = 200;

/**
 * Compiles the files of a policy. Either all of them load, or none: then it returns every problem,
 * in the order of files and lines. The order of `files` does not matter; test cases among them are
 * ignored. Files of expected requests are no part of the policy: what is wrong with them refuses
 * only them. Never throws.
 */
export function loadPolicy(files: readonly PolicyFile[], options: LoadOptions = {}): PolicyLoad {
  const policyFiles = policyFilesOf(files);
  const expected = readExpected(files.filter(({ path }) => isExpectedPath(path)));
  const digest = policyDigest(policyFiles);
  const { known } = options;
  if (known?.digest === digest) return { kind: 'loaded', policy: Object.freeze({ ...known, expected }) };
  if (policyFiles.length === 0) return { kind: 'refused', digest, problems: [noFiles], expected };

  const parsed = policyFiles.map(parsePolicyFile);
  const modes = mergeModes(parsed);
  const limits = mergeLimits(parsed);
  const lists = mergeLists(parsed);
  const tenants = mergeTenants(parsed);
  const answers = mergeAnswers(parsed);
  const environment = createEnvironment(
    lists.lists,
    lists.managed.map(({ name }) => name),
  );
  const rules = parsed.map((file) => compileRules(file, environment, lists.complete));
  const problems = [
    ...parsed.flatMap((file) => file.problems),
    ...modes.problems,
    ...limits.problems,
    ...lists.problems,
    ...tenants.problems,
    ...answers.problems,
    ...ruleNameProblems(parsed),
    ...rules.flatMap((compiled) => compiled.problems),
  ];
  if (problems.length > 0) return { kind: 'refused', digest, problems: inOrder(problems), expected };

  const mode = options.modeOverride ?? modes.mode ?? defaultMode;
  const { microsoftTenants } = tenants;
  const all = rules.flatMap((file) => file.rules);
  const read = new Set(all.flatMap(({ condition }) => condition.managedLists));
  const parts = {
    statuses: statusesOf(parsed),
    limits: limits.limits,
    answers: answers.answers,
    ...(answers.answers === undefined ? {} : forAnswers(factPathsIn(parsed, environment), microsoftTenants)),
    files: policyFiles,
    microsoftTenants,
    managedLists: lists.managed.filter(({ name }) => read.has(name)),
    expected,
    digest,
    mode,
  };
  return { kind: 'loaded', policy: createPolicy(all, parts, environment) };
}

const noFiles: PolicyProblem = {
  path: '.',
  line: 1,
  column: 1,
  length: 1,
  message: 'there is no policy file: add one that ends in .yaml or .yml and begins with `version: 1`',
};

function createPolicy(
  rules: readonly CompiledRule[],
  parts: Omit<Policy, 'ruleCount' | 'reads' | 'leavesOpen' | 'decide'>,
  { viewLists }: Pick<CelEnvironment, 'viewLists'>,
): Policy {
  const { digest, mode } = parts;
  const given = (usable: UsableLists): GivenLists | undefined =>
    parts.managedLists.length === 0 ? undefined : { usable, view: viewLists(usable) };
  const reads = allReads(rules.map(({ condition }) => condition.reads));
  const byStatus = rulesByStatus(rules);
  return Object.freeze({
    ...parts,
    ruleCount: rules.length,
    reads,
    leavesOpen: (facts, now, lists = noLists) => leavesOpen(byStatus, facts, now, given(lists)),
    decide: (facts, now, lists = noLists) => {
      const known = withTenantKind(facts, parts.microsoftTenants);
      const verdict = decide(byStatus, known, now, given(lists));
      return verdict && { ...verdict, policyDigest: digest, mode };
    },
  } satisfies Policy);
}

/** Returns what only a policy has that people may answer. */
function forAnswers(
  paths: readonly FactPath[],
  microsoftTenants: ReadonlySet<string>,
): Pick<Policy, 'digestOfSeen' | 'refusalOf'> {
  return {
    digestOfSeen: (facts, now) => digestOfSeen(paths, withTenantKind(facts, microsoftTenants), now),
    // A person names what the approval opens.
    refusalOf: (effect, facts) => unsafeReason(effect, facts, true)?.replace(/^Policy would \w+, but /, ''),
  };
}

/** Finds the facts that the conditions of all rules read. */
function factPathsIn(files: readonly ParsedFile[], { cel }: CelEnvironment): readonly FactPath[] {
  const conditions = files.flatMap(({ rules }) => rules.flatMap(({ when }) => when?.value ?? []));
  return conditions.flatMap((when) => factPathsOf(cel.parse(when).ast));
}

function statusesOf(files: readonly ParsedFile[]): readonly string[] {
  const statuses = new Map([['pending', 'Pending']]);
  for (const { status } of files.flatMap(({ rules }) => rules.flatMap(({ on }) => on))) {
    if (!statuses.has(status.toLowerCase()))
      statuses.set(status.toLowerCase(), knownStatusFrom(status) ?? status);
  }
  return [...statuses.values()];
}

function compileRules(
  { source, rules }: ParsedFile,
  environment: CelEnvironment,
  listsComplete: boolean,
): { readonly rules: readonly CompiledRule[]; readonly problems: readonly PolicyProblem[] } {
  const problems: PolicyProblem[] = [];
  const compiled = rules.flatMap((rule) => {
    problems.push(...statusProblems(rule, source), ...effectProblems(rule, source));
    const compilation = rule.when && conditionOf(rule.when, source, environment, listsComplete);
    problems.push(...(compilation?.problems ?? []));
    const condition = compilation?.condition;
    const { name, effect } = rule;
    if (name === undefined || effect === undefined || condition === undefined) return [];
    const on = rule.on.length === 0 ? ['pending'] : rule.on.map(({ status }) => status.toLowerCase());
    const reason = rule.reason ?? `Rule ${name.text} matched`;
    const expireAfterSeconds = rule.approvals?.expireAfterSeconds;
    const types = ruleTypes(rule);
    return [{ name: name.text, effect, statuses: new Set(on), reason, expireAfterSeconds, types, condition }];
  });
  return { rules: compiled, problems };
}

function statusProblems(rule: ParsedRule, source: SourceText): PolicyProblem[] {
  return rule.on.flatMap(({ status, place }) => {
    const message = statusProblem(status) ?? (rule.effect && transitionProblem(rule.effect, status));
    return message === undefined ? [] : [source.problem(place, message)];
  });
}

/** Finds what a rule states that does not go with its effect. */
function effectProblems(
  { approvals, approvesAnyone, console, effect }: ParsedRule,
  source: SourceText,
): PolicyProblem[] {
  if (effect === undefined) return [];
  const held = `only a rule that holds leaves the answer to people, but this rule has \`effect: ${effect}\`: remove \`console\``;
  const answered = console === undefined || effect === 'hold' ? [] : [source.problem(console.place, held)];
  if (effect === 'approve') return answered;
  const but = `but this rule has \`effect: ${effect}\``;
  const expires = `only an approval can expire, ${but}: remove \`approvals\``;
  const admits = `only a rule that approves can approve anyone, ${but}: remove \`approvesAnyone\``;
  return [
    ...(approvals === undefined ? [] : [source.problem(approvals.place, expires)]),
    ...(approvesAnyone === undefined ? [] : [source.problem(approvesAnyone.place, admits)]),
    ...answered,
  ];
}

function conditionOf(
  when: Scalar<string>,
  source: SourceText,
  environment: CelEnvironment,
  listsComplete: boolean,
): { readonly condition?: Condition; readonly problems: readonly PolicyProblem[] } {
  if (when.value.length > policyLimits.whenLength) return { problems: [] };
  const result = compileCondition(when.value, environment);
  if (result.kind === 'compiled') return { condition: result.condition, problems: [] };
  const offsets = new ScalarOffsets(source, when);
  const certain = result.problems.filter(
    (problem: CelProblem) => listsComplete || problem.unknownList !== true,
  );
  return {
    problems: certain.map(({ start, end, message }) => {
      const cut = message.includes('begins a comment') ? '' : cutAt(source, when, start);
      return source.problem(offsets.place(start, end), message + cut);
    }),
  };
}

/** Says where YAML has cut a condition, if that explains a problem at `start`. */
function cutAt(source: SourceText, when: Scalar<string>, start: number): string {
  const comment = commentAfter(source, placeOf(when));
  if (comment === undefined || (start < when.value.length && !isCutOff(comment))) return '';
  return `; YAML begins a comment at ${shownComment(comment)}: put the whole condition in quotes`;
}

function inOrder(problems: readonly PolicyProblem[]): readonly PolicyProblem[] {
  const sorted = [...problems].sort(
    (a, b) => compareText(a.path, b.path) || a.line - b.line || a.column - b.column,
  );
  const seen = new Set<string>();
  const distinct = sorted.filter((problem) => {
    const key = JSON.stringify(problem);
    return seen.has(key) ? false : seen.add(key);
  });
  return distinct.slice(0, maxProblems);
}
