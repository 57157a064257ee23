import * as z from '../../base/schema/schema';
import { PosternError } from '../../base/errors';
import { loadPolicy } from '../../policy/compile-policy';
import type { Decision } from '../../policy/decision';
import type { Facts } from '../../policy/facts/facts';
import type { Policy, PolicyFile, PolicyProblem } from '../../policy/policy';
import { expireAfterSchema } from '../../policy/file/limits-schema';
import { effects } from '../../policy/file/policy-schema';
import { parseTimeSpan } from '../../policy/file/time-span';
import { CliError } from '../cli-host';
import { factsFromInput, factsInputSchema, instantSchema, type FactsInput } from '../facts/facts-input';
import { ListError, withLists } from './with-lists';
import { checkInput, inputError, parseInput } from '../facts/yaml-input';

const names = z.union([z.string(), z.array(z.string())], { error: 'must be a rule name, or a list of them' });

/** Lifetime of the approval, in seconds. */
const expireAfter = z.pipe(
  z.string({ error: 'must be a time such as `168h`, or `none` for an approval that does not expire' }),
  z.transform((text, context): number | 'none' => {
    if (text === 'none') return text;
    const [issue] = expireAfterSchema.safeParse(text).error?.issues ?? [];
    if (issue !== undefined) return z.refuse(context, issue.message);
    return parseTimeSpan(text) ?? z.NEVER;
  }),
);

const casesSchema = z.strictObject({
  now: z.optional(instantSchema),
  lists: z.optional(z.record(z.string(), z.union([z.array(z.string()), z.array(z.number())]))),
  facts: z.optional(factsInputSchema),
  cases: z
    .array(
      z.strictObject({
        name: z
          .string({ error: 'is missing: write a sentence that says what should happen' })
          .check(z.minLength(1)),
        now: z.optional(instantSchema),
        facts: z.optional(factsInputSchema),
        effect: z.enum([...effects, 'none'], {
          error: 'must be approve, reject, delete or hold, or none if no rule applies to the status',
        }),
        rule: z.optional(names),
        expireAfter: z.optional(expireAfter),
      }),
      { error: 'must be a list: begin each case with `- name:`' },
    )
    .check(z.minLength(1, { error: 'has no entries: begin each case with `- name:`' })),
});

/**
 * Returns the JSON Schema (draft 2020-12) of a file of test cases, for editors. It is derived from the schema of the parser.
 */
export function casesFileSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(casesSchema, { io: 'input' }),
    $id: 'urn:postern:schema:cases:1',
    title: 'Postern test cases',
    description: 'What a policy should decide about connections: `postern test` runs them.',
  };
}

/** Time of the decision if a case file does not state `now`. */
export const defaultNow = new Date('2026-01-01T00:00:00Z');

/** One test case: facts, and the decision that they should lead to. */
export interface PolicyCase {
  readonly name: string;
  readonly path: string;
  /** Line in the file, 1-based. */
  readonly line: number;
  readonly facts: Facts;
  readonly now: Date;
  readonly effect: Decision['effect'] | 'none';
  /** Expected rules, sorted; `undefined`: any. */
  readonly rules: readonly string[] | undefined;
  /** Expected lifetime in seconds; `none`: the approval does not expire; `undefined`: any. */
  readonly expireAfter: number | 'none' | undefined;
}

/** The cases of one file, with the policy to test: the loaded one, with the lists that the file replaces. */
export interface CaseFile {
  readonly path: string;
  readonly policy: Policy;
  readonly cases: readonly PolicyCase[];
}

/** Parses a file of test cases. @throws CliError with every problem, its location and a caret. */
export function parseCases(file: PolicyFile, policyFiles: readonly PolicyFile[]): CaseFile {
  const input = parseInput(file);
  const content = checkInput(input, casesSchema, file);
  const problems: PolicyProblem[] = [];
  const cases = content.cases.flatMap((item, index): PolicyCase[] => {
    const now = item.now ?? content.now ?? defaultNow;
    const place = input.problem(['cases', index, 'name'], '');
    const stated = overlaid(content.facts, item.facts);
    if (item.expireAfter !== undefined && item.effect !== 'approve') {
      const message = `only an approval can expire, but this case expects ${item.effect}: remove \`expireAfter\``;
      problems.push(input.problem(['cases', index, 'expireAfter'], message));
    }
    try {
      const facts = factsFromInput(stated, { firstSeen: now, makeUp: true });
      const rules = item.rule === undefined ? undefined : [item.rule].flat().sort();
      const { name, effect, expireAfter: end } = item;
      return [{ name, path: file.path, line: place.line, facts, now, effect, rules, expireAfter: end }];
    } catch (error) {
      if (!(error instanceof PosternError)) throw error;
      problems.push(input.problem(['cases', index, 'facts'], error.message));
      return [];
    }
  });
  if (problems.length > 0) throw inputError(problems, file);
  try {
    return { path: file.path, policy: policyWith(policyFiles, content.lists), cases };
  } catch (error) {
    if (!(error instanceof ListError)) throw error;
    throw inputError([input.problem(['lists', error.list], error.message)], file);
  }
}

/**
 * Merges a case's facts with those that the file states for all cases; the case's own facts win,
 * one by one.
 */
function overlaid(shared: FactsInput = {}, own: FactsInput = {}): FactsInput {
  const part = <Part extends object>(under: Part | null | undefined, over: Part | null | undefined) => {
    if (over === undefined) return under;
    return over === null || under === null ? over : { ...under, ...over };
  };
  return {
    connection: part(shared.connection, own.connection) ?? undefined,
    endpoint: part(shared.endpoint, own.endpoint),
    target: part(shared.target, own.target) ?? undefined,
    requester: part(shared.requester, own.requester),
    expected: part(shared.expected, own.expected),
    consumer: part(shared.consumer, own.consumer),
  } satisfies Record<keyof FactsInput, unknown>;
}

function policyWith(files: readonly PolicyFile[], lists: z.output<typeof casesSchema>['lists']): Policy {
  const load = loadPolicy(withLists(files, lists ?? {}));
  if (load.kind === 'loaded') return load.policy;
  const [first] = load.problems;
  throw new CliError(`the policy does not load with the lists of the test cases: ${first?.message}`);
}
