import { RE2JS } from 're2js';
import { isGuid } from '../../base/guid';
import * as z from '../../base/schema/schema';
import { maxProgramSize } from '../cel/patterns';
import {
  answerEffects,
  type Answerers,
  type AnswerEffect,
  type AnswerPolicy,
  type ReasonPattern,
  type RuleAnswers,
} from './answer-policy';

/** The bounds of `console`. */
export const answerBounds = {
  /** The most ids of one list. */
  ids: 100,
  patternLength: 200,
  /** The most answers an hour that can be allowed, and those that are if the policy says nothing. */
  perHour: 500,
  defaultPerHour: { person: 20, all: 100 },
  needed: 2,
} as const;

interface Issue {
  readonly input?: unknown;
  readonly code?: string | undefined;
}

const listError =
  'a list of people is `[role]`, for everybody with the role Postern.Approver, or a list of object ids (GUIDs) of people and groups';

const answerers = z
  .array(
    z.string({ error: listError }).check(
      z.refine((text) => text === 'role' || isGuid(text), {
        error:
          '`role` or the object id (a GUID) of a person or a group: names and addresses can change hands',
      }),
    ),
    { error: listError },
  )
  .check(
    z.maxLength(answerBounds.ids, { error: `there are more than ${answerBounds.ids} ids: name a group` }),
  );

const lists = {
  approve: z.optional(answerers).check(z.describe('Who may approve a held connection. Default: nobody.')),
  reject: z
    .optional(answerers)
    .check(z.describe('Who may reject a held connection, which most services cannot undo. Default: nobody.')),
  delete: z
    .optional(answerers)
    .check(z.describe('Who may delete a held Disconnected connection. Default: nobody.')),
};

const neededError = '`needed` is 1 or 2: how many people must agree';

/** The schema of what a rule says about answers. */
export const ruleAnswersSchema = z.strictObject(
  {
    ...lists,
    needed: z
      .optional(
        z
          .int({ error: neededError })
          .check(
            z.minimum(1, { error: neededError }),
            z.maximum(answerBounds.needed, { error: neededError }),
          ),
      )
      .check(z.describe('How many people must agree. Default: 1.')),
  },
  {
    error: unlessUnknownKey(
      'write `console: never`, or `console: {approve: [role]}` with the people who may answer',
    ),
  },
);

/** The schema of the `console` of a rule. */
export const ruleConsoleSchema = z.union([z.literal('never'), ruleAnswersSchema], {
  error: 'write `console: never`, or `console: {approve: [role]}` with the people who may answer',
});

function perHour(key: string, text: string) {
  const error = `\`${key}\` must be a whole number from 1 to ${answerBounds.perHour}`;
  return z
    .optional(z.int({ error }).check(z.minimum(1, { error }), z.maximum(answerBounds.perHour, { error })))
    .check(z.describe(text));
}

/** The schema of the answers that are counted. */
export const answersPerHourSchema = z.strictObject(
  {
    person: perHour('person', 'The most answers of one person in any 60 minutes. Default: 20.'),
    all: perHour('all', 'The most answers of all people in any 60 minutes. Default: 100.'),
  },
  { error: unlessUnknownKey('write `answersPerHour: {person: 20, all: 100}`') },
);

/** The schema of the `console` of a policy file. */
export const consoleSchema = z.strictObject(
  {
    ...lists,
    reasonPattern: z
      .optional(
        z.string({ error: '`reasonPattern` must be text: put it in quotes' }).check(
          z.minLength(1, { error: '`reasonPattern` is empty: remove it' }),
          z.maxLength(answerBounds.patternLength, {
            error: `\`reasonPattern\` is longer than ${answerBounds.patternLength} characters: shorten it`,
          }),
          z.superRefine((source, context) => {
            const problem = patternProblem(source);
            if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
          }),
        ),
      )
      .check(z.describe('A regular expression (RE2) that each reason must contain, such as `CHG[0-9]{7}`.')),
    answersPerHour: z
      .optional(answersPerHourSchema)
      .check(z.describe('How many answers are taken in any 60 minutes.')),
  },
  {
    error: unlessUnknownKey(
      '`console` says who may answer held connections: write `console: {approve: [role]}`',
    ),
  },
);

/** The keys of the maps below `console`. */
export const consoleKeys = {
  file: Object.keys(consoleSchema.shape),
  perHour: Object.keys(answersPerHourSchema.shape),
  rule: Object.keys(ruleAnswersSchema.shape),
} as const;

/** The `console` of a file, without what its rules say. */
export type StatedConsole = Omit<AnswerPolicy, 'rules'>;

/** Converts the `console` of a file. */
export function consoleFrom(content: z.output<typeof consoleSchema>): StatedConsole {
  const { reasonPattern, answersPerHour } = content;
  return {
    lists: listsFrom(content),
    reason: reasonPattern === undefined ? undefined : patternFrom(reasonPattern),
    perHour: {
      person: answersPerHour?.person ?? answerBounds.defaultPerHour.person,
      all: answersPerHour?.all ?? answerBounds.defaultPerHour.all,
    },
  };
}

/** Converts the `console` of a rule. Undefined if it is not valid; then there is a problem about it. */
export function ruleAnswersFrom(content: unknown): RuleAnswers | undefined {
  const { data } = ruleConsoleSchema.safeParse(content);
  if (data === undefined || data === 'never') return data;
  return { lists: listsFrom(data), needed: data.needed ?? 1 };
}

function listsFrom(
  content: Partial<Record<AnswerEffect, readonly string[] | undefined>>,
): ReadonlyMap<AnswerEffect, Answerers> {
  return new Map(
    answerEffects.flatMap((effect): [AnswerEffect, Answerers][] => {
      const entries = content[effect];
      if (entries === undefined) return [];
      const ids = entries.filter((entry) => entry !== 'role').map((id) => id.toLowerCase());
      return [[effect, { anyApprover: entries.includes('role'), ids: new Set(ids) }]];
    }),
  );
}

function patternFrom(source: string): ReasonPattern {
  const regex = RE2JS.compile(source);
  return { source, isIn: (reason) => regex.test(reason) };
}

function patternProblem(source: string): string | undefined {
  try {
    return RE2JS.compile(source).programSize() > maxProgramSize
      ? 'the pattern is too large: use smaller repetitions'
      : undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
    return `not a valid RE2 regular expression (RE2 has no look-around and no back-references): ${why}`;
  }
}

/** Returns undefined for unknown keys: the caller reports those with their position. */
function unlessUnknownKey(message: string): (issue: Issue) => string | undefined {
  return ({ code }) => (code === 'unrecognized_keys' ? undefined : message);
}
