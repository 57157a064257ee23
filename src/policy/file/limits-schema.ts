import * as z from 'zod';
import { limitedKinds, type LimitedKind, type WriteLimit, type WriteLimits } from '../policy';
import { formatTimeSpan, parseTimeSpan, timeSpanPattern, timeSpanProblem, unitMend } from './time-span';

/** Bounds on what guards may say. */
export const guardBounds = {
  /** Of `perHour` and `perReview`. */
  mostWrites: 500,
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
      perHour: count('perHour')
        .optional()
        .describe('Writes begun in any 60 minutes, over all targets. 0: none without a person.'),
      perReview: count('perReview')
        .optional()
        .describe(
          'How many a review of one target may begin; of more that it wants, the others wait for a person. 0: none without a person.',
        ),
    },
    { error: unlessUnknownKey('a limit says how many: write `{perHour: 20, perReview: 5}`') },
  )
  .refine(({ perHour, perReview }) => perHour !== undefined || perReview !== undefined, {
    error: 'the limit says neither `perHour` nor `perReview`: write `{perHour: 20, perReview: 5}`',
  })
  .meta({ minProperties: 1 });

/** The keys of one limit, for messages. */
export const limitKeys: readonly string[] = Object.keys(limit.shape);

export const limitsSchema = z
  .strictObject(
    {
      rejects: limit.optional().describe('Rejections of connections that are not Approved.'),
      deletes: limit.optional().describe('Deletions of connections that are not Approved.'),
      revocations: limit.optional().describe('Rejections and deletions of Approved connections.'),
    } satisfies Record<LimitedKind, z.ZodType>,
    {
      error: unlessUnknownKey(
        '`limits` must map kinds of writes to limits, such as `rejects: {perHour: 20, perReview: 5}`',
      ),
    },
  )
  .refine((limits) => limitedKinds.some((kind) => limits[kind] !== undefined), {
    error: '`limits` is empty: write `rejects: {perHour: 20, perReview: 5}` below it, or take it out',
  })
  .meta({ minProperties: 1 });

export const expireAfterSchema = z
  .string({ error: ({ input }: Issue) => notText(input) })
  .regex(timeSpanPattern, { error: (issue) => timeSpanProblem(String(issue.input)) })
  .refine((text) => !(secondsOf(text) < guardBounds.shortestApprovalSeconds), {
    error: `an approval lasts at least 10 minutes: write \`${formatTimeSpan(guardBounds.shortestApprovalSeconds)}\` or more`,
  })
  .refine((text) => !(secondsOf(text) > guardBounds.longestApprovalSeconds), {
    error: 'an approval that ends lasts at most 3650 days: write `3650d` or less, or take `approvals` out',
  });

export const approvalsSchema = z.strictObject(
  {
    expireAfter: expireAfterSchema.describe(
      'The approval ends so long after it was decided: `168h`, `7d`, `24h30m`. The shortest of several rules counts.',
    ),
  },
  { error: unlessUnknownKey('`approvals` says when approvals end: write `approvals: {expireAfter: 168h}`') },
);

/** What a file's `limits` come to. */
export function limitsFrom(content: z.output<typeof limitsSchema>): WriteLimits {
  const stated = limitedKinds.flatMap((kind): [LimitedKind, WriteLimit][] => {
    const found = content[kind];
    return found === undefined ? [] : [[kind, Object.freeze({ ...found })]];
  });
  return Object.freeze(Object.fromEntries(stated) as WriteLimits);
}

function count(key: string) {
  const error = `\`${key}\` must be a whole number from 0 to ${guardBounds.mostWrites}; 0 is never without a person`;
  return z.int({ error }).min(0, { error }).max(guardBounds.mostWrites, { error });
}

/** Not a number for what is no time span: that is another check's to tell. */
function secondsOf(text: string): number {
  return parseTimeSpan(text) ?? NaN;
}

function notText(input: unknown): string {
  if (input === undefined || input === null)
    return '`approvals` does not say when they end: write `expireAfter: 168h`';
  if (typeof input === 'number' && Number.isInteger(input) && input > 0)
    return `\`expireAfter\` must be a time with its unit: write ${unitMend(String(input))}`;
  return '`expireAfter` must be a time such as `168h` or `7d`';
}

/** Left to the caller for unknown keys: it knows where each of them stands. */
function unlessUnknownKey(message: string): (issue: Issue) => string | undefined {
  return ({ code }) => (code === 'unrecognized_keys' ? undefined : message);
}
