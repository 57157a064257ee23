import * as z from '../../base/schema/schema';
import { formatTimeSpan, parseTimeSpan, timeSpanPattern, timeSpanProblem, unitFix } from '../file/time-span';
import { listBounds, type ListSource } from './managed-list';

interface Issue {
  readonly input?: unknown;
  readonly code?: string | undefined;
}

/** What Azure accepts as the id of a management group. */
const groupPattern = /^[A-Za-z0-9](?:[A-Za-z0-9_().-]{0,88}[A-Za-z0-9_()-])?$/;

const { shortestMaxAgeSeconds, longestMaxAgeSeconds } = listBounds;

const tagsError =
  '`tags` must map names of tags to texts, such as `{env: prod}`: put values in quotes if they are not text';

/** The schema of a managed list: a list whose entries Postern reads from Azure. */
export const managedListSchema = z.strictObject(
  {
    subscriptionsUnder: z
      .string({ error: ({ input }: Issue) => noGroup(input) })
      .check(
        z.regex(groupPattern, { error: (issue) => groupProblem(String(issue.input)) }),
        z.describe(
          'The id of a management group, never its display name: the list has all subscriptions below it, at any depth.',
        ),
      ),
    tags: z
      .optional(
        z
          .record(
            z
              .string()
              .check(z.minLength(1, { error: 'a tag has an empty name: remove it' }), z.maxLength(512)),
            z.string({ error: tagsError }).check(z.maxLength(256)),
            { error: tagsError },
          )
          .check(
            z.refine((tags) => Object.keys(tags).length > 0, {
              error: '`tags` is empty: name a tag, such as `{env: prod}`, or remove it',
            }),
            z.refine((tags) => Object.keys(tags).length <= listBounds.tags, {
              error: `there are more than ${listBounds.tags} tags`,
            }),
            z.refine(
              (tags) =>
                new Set(Object.keys(tags).map((name) => name.toLowerCase())).size ===
                Object.keys(tags).length,
              {
                error: 'two tags differ only in case, and Azure compares names of tags without it: keep one',
              },
            ),
          ),
      )
      .check(
        z.describe('Tags that a subscription must have, all of them: names without case, values with case.'),
      ),
    maxAge: z
      .optional(
        z.string({ error: ({ input }: Issue) => notText(input) }).check(
          z.regex(timeSpanPattern, { error: (issue) => timeSpanProblem(String(issue.input)) }),
          z.refine((text) => !(secondsOf(text) < shortestMaxAgeSeconds), {
            error: `a list is read every 15 minutes, and a reading may fail: write \`${formatTimeSpan(shortestMaxAgeSeconds)}\` or more`,
          }),
          z.refine((text) => !(secondsOf(text) > longestMaxAgeSeconds), {
            error: 'an older list says nothing about today: write `7d` or less',
          }),
        ),
      )
      .check(
        z.describe(
          'How old the last complete reading may be: after that the list is absent, and rules that read it hold. Default: 24h.',
        ),
      ),
  },
  {
    error: ({ code }: Issue) =>
      code === 'unrecognized_keys'
        ? undefined
        : 'a list is a list of entries, or a map with `subscriptionsUnder`',
  },
);

/** The keys of a managed list. */
export const managedListKeys: readonly string[] = Object.keys(managedListSchema.shape);

/** Converts the content of a managed list. Undefined if it is not valid; then there is a problem about it. */
export function managedListFrom(
  content: unknown,
): { readonly source: ListSource; readonly maxAgeSeconds: number } | undefined {
  const { data } = managedListSchema.safeParse(content);
  if (data === undefined) return undefined;
  const { subscriptionsUnder: group, tags = {}, maxAge } = data;
  const maxAgeSeconds = maxAge === undefined ? undefined : parseTimeSpan(maxAge);
  return {
    source: { group, tags: { ...tags } },
    maxAgeSeconds: maxAgeSeconds ?? listBounds.defaultMaxAgeSeconds,
  };
}

/** Returns NaN for a text that is not a time span. Another check reports that. */
function secondsOf(text: string): number {
  return parseTimeSpan(text) ?? NaN;
}

function noGroup(input: unknown): string {
  return input === undefined || input === null
    ? 'the list does not say where its entries come from: write `subscriptionsUnder: corp`, with the id of a management group'
    : '`subscriptionsUnder` must be the id of one management group: put it in quotes';
}

function groupProblem(text: string): string {
  const [, id] = /^\/providers\/microsoft\.management\/managementgroups\/([^/]+)\/?$/i.exec(text) ?? [];
  if (id !== undefined && groupPattern.test(id)) return `write only the last part of the id: \`${id}\``;
  const shown = text.slice(0, 90);
  if (/^\/subscriptions\//i.test(text)) return `\`${shown}\` is a subscription: write it into a plain list`;
  return `\`${shown}\` is not the id of a management group: write its id, such as \`corp\`, not its display name`;
}

function notText(input: unknown): string {
  if (typeof input === 'number' && Number.isInteger(input) && input > 0)
    return `\`maxAge\` must be a time with a unit: write ${unitFix(String(input))}`;
  return '`maxAge` must be a time such as `24h` or `7d`';
}
