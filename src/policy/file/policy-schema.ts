import * as z from '../../base/schema/schema';
import { fixFor, nearest } from '../../base/did-you-mean';
import { isGuid } from '../../base/guid';
import { services, targetTypes, typesNamed } from '../../connections/target-type';
import { consoleSchema, ruleConsoleSchema } from '../answers/answers-schema';
import { approvalsSchema, limitsSchema } from './limits-schema';
import { managedListSchema } from '../lists/list-schema';
import { policyLimits } from './policy-limits';
import { statusProblem } from './statuses';

/** The effects that a rule can have. */
export const effects = ['approve', 'reject', 'delete', 'hold'] as const;
/** The modes that a file can state. */
export const modes = ['enforce', 'audit'] as const;

/** The pattern of list names: CEL identifiers, because conditions write `lists.<name>`. */
export const listNamePattern = /^(?!(?:in|true|false|null)$)[A-Za-z][A-Za-z0-9_]{0,63}$/;
const ruleNamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** One line without control, bidi and other invisible characters. */
export const lineOfTextPattern =
  /^(?=\s*\S)[^\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*$/;

const status = z
  .string({ error: 'a status is one word, such as `Pending`' })
  .check(
    z.regex(/^[A-Za-z]{1,40}$/, { error: (issue) => statusProblem(String(issue.input)) ?? 'not a status' }),
  );

const targetWord = z.string({ error: 'a target is a word, such as `storage`' }).check(
  z.refine((word) => typesNamed(word).length > 0, {
    error: (issue) => targetProblem(String(issue.input)),
  }),
  z.meta({ enum: [...services(), ...targetTypes()] }),
);

function targetProblem(word: string): string {
  const words = word.includes('/') ? targetTypes() : services();
  const near = nearest(word, words);
  const fix = near === undefined ? '`postern types` lists all' : `did you mean \`${near}\`?`;
  return `unknown target \`${word.slice(0, 100)}\`: ${fix}`;
}

const entry = z.string().check(
  z.minLength(1, { error: 'an entry is empty: remove it' }),
  z.maxLength(policyLimits.entryLength, {
    error: `an entry is longer than ${policyLimits.entryLength} characters`,
  }),
);
const tooManyEntries = {
  error: `the list has more than ${policyLimits.listEntries} entries: match something broader`,
};
const listEntries = z.union([
  z.array(entry).check(z.maxLength(policyLimits.listEntries, tooManyEntries)),
  z
    .array(z.number().check(z.minimum(Number.MIN_SAFE_INTEGER), z.maximum(Number.MAX_SAFE_INTEGER)))
    .check(z.maxLength(policyLimits.listEntries, tooManyEntries)),
  managedListSchema,
]);

/** The schema of a rule. */
export const ruleSchema = z.strictObject({
  name: z
    .string({
      error: missingOr('name', 'the rule has no `name`: give it one, such as `name: landing-zones`', 'text'),
    })
    .check(
      z.regex(ruleNamePattern, {
        error:
          'a rule name has 1 to 64 letters, digits, dots, dashes and underscores, and begins with a letter or digit',
      }),
      z.describe('Names the rule in decisions and audit records. Unique over all files.'),
    ),
  on: z
    .optional(
      z.union(
        [
          status,
          z
            .array(status)
            .check(z.minLength(1, { error: '`on` is empty: write `on: [Pending]`, or remove it' })),
        ],
        { error: 'write `on: [Pending]`: one status or more' },
      ),
    )
    .check(z.describe('The connection statuses that the rule applies to. Default: [Pending].')),
  effect: z
    .enum(effects, {
      error: wordError('effect', effects, 'the rule has no `effect`: write approve, reject, delete or hold'),
    })
    .check(
      z.describe(
        'What to do with a connection that matches. Hold beats delete, delete beats reject, reject beats approve.',
      ),
    ),
  targets: z
    .optional(
      z
        .array(targetWord, { error: '`targets` must be a list: write `targets: [storage, sql]`' })
        .check(
          z.minLength(1, { error: '`targets` is empty: write `targets: [storage, sql]`, or remove it' }),
        ),
    )
    .check(
      z.describe(
        'The services, or types, whose targets the rule applies to. Default: all, but an approval that opens many resources must be named here, or by a condition on target.opensMany.',
      ),
    ),
  when: z
    .string({
      error: missingOr('when', 'the rule has no `when`: write a condition', 'a condition in quotes'),
    })
    .check(
      z.regex(/\S/, {
        error: '`when` is empty: write a condition, or `when: "true"` to match every connection',
      }),
      z.maxLength(policyLimits.whenLength, {
        error: `\`when\` is longer than ${policyLimits.whenLength} characters: split the rule`,
      }),
      z.describe('A condition in CEL that yields true or false.'),
    ),
  reason: z
    .optional(
      z.string({ error: '`reason` must be text: put it in quotes' }).check(
        z.maxLength(policyLimits.reasonLength, {
          error: `\`reason\` is longer than ${policyLimits.reasonLength} characters: shorten it`,
        }),
        z.regex(lineOfTextPattern, { error: '`reason` must be one line of visible text' }),
      ),
    )
    .check(z.describe('Why, for people. Appears in decisions and audit records as written.')),
  approvesAnyone: z
    .optional(z.boolean({ error: '`approvesAnyone` must be true or false' }))
    .check(
      z.describe(
        'Only with `effect: approve`: confirms that the rule may approve whoever asks, including strangers. Default: false.',
      ),
    ),
  approvals: z
    .optional(approvalsSchema)
    .check(
      z.describe('Only with `effect: approve`: when the approvals of this rule expire. Default: never.'),
    ),
  console: z
    .optional(ruleConsoleSchema)
    .check(
      z.describe(
        'Only with `effect: hold`: who may answer what this rule holds, instead of those that the policy names. `never`: nobody.',
      ),
    ),
});

const tenantsSchema = z.strictObject({
  microsoft: z
    .array(
      z
        .string({ error: 'a tenant is the GUID of its id: put it in quotes' })
        .check(z.refine(isGuid, { error: 'a tenant is the GUID of its id, not a name' })),
      { error: '`microsoft` must be a list of tenant ids' },
    )
    .check(
      z.minLength(1, { error: '`microsoft` is empty: name a tenant, or remove it' }),
      z.maxLength(policyLimits.tenants, { error: `there are more than ${policyLimits.tenants} tenants` }),
      z.describe(
        'Further tenants in which services of Microsoft make endpoints, besides the one that is known. Such an endpoint says nothing about the customer.',
      ),
    ),
});

/** The version that a file states. */
export const formatVersion = z
  .literal(1, {
    error: (issue) =>
      issue.input === undefined
        ? 'the file does not state its format: begin it with `version: 1`'
        : 'unknown version: this Postern reads `version: 1`',
  })
  .check(z.describe('The version of the file format.'));

/** The schema of a policy file. */
export const policyFileSchema = z.strictObject(
  {
    version: formatVersion,
    mode: z
      .optional(z.enum(modes, { error: wordError('mode', modes, '`mode` is empty: write enforce or audit') }))
      .check(
        z.describe(
          'enforce: carry decisions out. audit (default): decide and record, write nothing. Stated in one file only.',
        ),
      ),
    limits: z
      .optional(limitsSchema)
      .check(
        z.describe(
          'How many writes may start without a person. Beyond a limit, connections stay as they are. Stated in one file only.',
        ),
      ),
    console: z
      .optional(consoleSchema)
      .check(
        z.describe(
          'Who may answer held connections in the console, and how. Absent: nobody. Stated in one file only.',
        ),
      ),
    tenants: z
      .optional(tenantsSchema)
      .check(
        z.describe('Tenants that conditions know by a word: `endpoint.tenant`. Stated in one file only.'),
      ),
    lists: z
      .optional(
        z.record(z.string().check(z.regex(listNamePattern)), listEntries, {
          error:
            '`lists` must map names to lists, such as `landingZones: [11111111-1111-1111-1111-111111111111]`',
        }),
      )
      .check(
        z.describe(
          'Named lists for conditions: `lists.<name>`. All text or all numbers, or a source from which Postern reads the ids of subscriptions.',
        ),
      ),
    rules: z
      .optional(
        z
          .array(ruleSchema, { error: '`rules` must be a list: begin each rule with `- name:`' })
          .check(
            z.maxLength(policyLimits.rules, { error: `there are more than ${policyLimits.rules} rules` }),
          ),
      )
      .check(z.describe('The rules. Their order does not matter.')),
  },
  { error: fileError },
);

/** The content of a valid policy file. */
export type PolicyFileContent = z.infer<typeof policyFileSchema>;

/**
 * Returns the JSON Schema (draft 2020-12) of a policy file, for editors. It is derived from the
 * schema of the parser.
 */
export function policySchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(policyFileSchema, { io: 'input' }),
    $id: 'urn:postern:schema:policy:1',
    title: 'Postern policy',
    description: 'Which private endpoint connections Postern approves, rejects, deletes or holds.',
  };
}

type ErrorMap = (issue: {
  readonly input?: unknown;
  readonly code?: string | undefined;
}) => string | undefined;

function missingOr(key: string, missing: string, wanted: string): ErrorMap {
  return (issue) =>
    issue.input === undefined || issue.input === null ? missing : `\`${key}\` must be ${wanted}`;
}

function wordError(key: string, words: readonly string[], missing: string): ErrorMap {
  return (issue) => {
    if (issue.input === undefined || issue.input === null) return missing;
    if (typeof issue.input !== 'string') return `\`${key}\` must be one of ${words.join(', ')}`;
    return `unknown ${key} \`${issue.input.slice(0, 64)}\`: ${fixFor(issue.input, words)}`;
  };
}

/** Returns undefined for unknown keys: the caller reports those with their position. */
function fileError(issue: { readonly code?: string | undefined }): string | undefined {
  if (issue.code === 'unrecognized_keys') return undefined;
  return 'a policy file is a map of `version`, `mode`, `limits`, `console`, `tenants`, `lists` and `rules`: this is something else';
}
