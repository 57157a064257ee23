import * as z from '../../base/schema/schema';
import { limitedKinds, type LimitedKind, type WriteLimit, type WriteLimits } from '../policy';
import { formatTimeSpan, parseTimeSpan, timeSpanPattern, timeSpanProblem, unitFix } from './time-span';

/** The bounds of `limits` and `approvals`. */
export const guardBounds = {
  /** The largest value of `perHour` and `perReview`. */
  maxWrites: 500,
  shortestApprovalSeconds: 10 * 60,
  longestApprovalSeconds: 3_650 * 86_400,
} as const;

interface Issue {
  readonly input?: unknown;
  readonly code?: string | undefined;
}

const limit = z
  .strictObject(
    {
      perHour: z
        .optional(count('perHour'))
        .check(
          z.describe(
            'The most writes that may start in any 60 minutes, over all targets. 0: each such write needs a person.',
          ),
        ),
      perReview: z
        .optional(count('perReview'))
        .check(
          z.describe(
            'The most writes that one review of one target may start. If it needs more, the others wait for a person. 0: each such write needs a person.',
          ),
        ),
    },
    { error: unlessUnknownKey('a limit states how many: write `{perHour: 20, perReview: 5}`') },
  )
  .check(
    z.refine(({ perHour, perReview }) => perHour !== undefined || perReview !== undefined, {
      error: 'the limit has neither `perHour` nor `perReview`: write `{perHour: 20, perReview: 5}`',
    }),
    z.meta({ minProperties: 1 }),
  );

/** The keys of one limit. */
export const limitKeys: readonly string[] = Object.keys(limit.shape);

/** The schema of the `limits` of a policy file. */
export const limitsSchema = z
  .strictObject(
    {
      rejects: z.optional(limit).check(z.describe('Rejections of connections that are not Approved.')),
      deletes: z.optional(limit).check(z.describe('Deletions of connections that are not Approved.')),
      revocations: z.optional(limit).check(z.describe('Rejections and deletions of Approved connections.')),
    } satisfies Record<LimitedKind, z.ZodMiniType>,
    {
      error: unlessUnknownKey(
        '`limits` must map kinds of writes to limits, such as `rejects: {perHour: 20, perReview: 5}`',
      ),
    },
  )
  .check(
    z.refine((limits) => limitedKinds.some((kind) => limits[kind] !== undefined), {
      error: '`limits` is empty: write `rejects: {perHour: 20, perReview: 5}` below it, or remove it',
    }),
    z.meta({ minProperties: 1 }),
  );

/** The schema of the time after which an approval expires. */
export const expireAfterSchema = z.string({ error: ({ input }: Issue) => notText(input) }).check(
  z.regex(timeSpanPattern, { error: (issue) => timeSpanProblem(String(issue.input)) }),
  z.refine((text) => !(secondsOf(text) < guardBounds.shortestApprovalSeconds), {
    error: `an approval lasts at least 10 minutes: write \`${formatTimeSpan(guardBounds.shortestApprovalSeconds)}\` or more`,
  }),
  z.refine((text) => !(secondsOf(text) > guardBounds.longestApprovalSeconds), {
    error: 'an approval that expires lasts at most 3650 days: write `3650d` or less, or remove `approvals`',
  }),
);

/** The schema of the `approvals` of a rule. */
export const approvalsSchema = z.strictObject(
  {
    expireAfter: expireAfterSchema.check(
      z.describe(
        'How long after the decision the approval expires: `168h`, `7d`, `24h30m`. If several rules match, the shortest time counts.',
      ),
    ),
  },
  {
    error: unlessUnknownKey(
      '`approvals` states when approvals expire: write `approvals: {expireAfter: 168h}`',
    ),
  },
);

/** Converts the `limits` of a file. */
export function limitsFrom(content: z.output<typeof limitsSchema>): WriteLimits {
  const stated = limitedKinds.flatMap((kind): [LimitedKind, WriteLimit][] => {
    const found = content[kind];
    return found === undefined ? [] : [[kind, Object.freeze({ ...found })]];
  });
  return Object.freeze(Object.fromEntries(stated) as WriteLimits);
}

function count(key: string) {
  const error = `\`${key}\` must be a whole number from 0 to ${guardBounds.maxWrites}; 0 means that each such write needs a person`;
  return z.int({ error }).check(z.minimum(0, { error }), z.maximum(guardBounds.maxWrites, { error }));
}

/** Returns NaN for a text that is not a time span. Another check reports that. */
function secondsOf(text: string): number {
  return parseTimeSpan(text) ?? NaN;
}

function notText(input: unknown): string {
  if (input === undefined || input === null)
    return '`approvals` does not state when approvals expire: write `expireAfter: 168h`';
  if (typeof input === 'number' && Number.isInteger(input) && input > 0)
    return `\`expireAfter\` must be a time with a unit: write ${unitFix(String(input))}`;
  return '`expireAfter` must be a time such as `168h` or `7d`';
}

/** Returns undefined for unknown keys: the caller reports those with their position. */
function unlessUnknownKey(message: string): (issue: Issue) => string | undefined {
  return ({ code }) => (code === 'unrecognized_keys' ? undefined : message);
}
