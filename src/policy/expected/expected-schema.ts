import * as z from '../../base/schema/schema';
import { isGuid } from '../../base/guid';
import { formatVersion, lineOfTextPattern } from '../file/policy-schema';

/** The limits of files of expected requests. */
export const expectedLimits = {
  requestsPerFile: 1_000,
  /** The most requests that are expected at one target. */
  requestsPerTarget: 100,
  textLength: 256,
} as const;

function id(what: string): z.ZodMiniString {
  return z
    .string({ error: `${what} must be text: put it in quotes` })
    .check(
      z.minLength(1, { error: `${what} is empty` }),
      z.maxLength(2_048, { error: `${what} is longer than 2048 characters` }),
    );
}

const name = (key: string): z.ZodMiniString =>
  z.string({ error: `\`${key}\` must be text: put it in quotes` }).check(
    z.regex(/^[^\s/](?:[^/\p{C}]{0,258}[^\s/])?$/u, {
      error: `\`${key}\` must be a whole name without slashes, or spaces at its ends`,
    }),
  );

/** The schema of one expected request. */
export const expectedRequestSchema = z.strictObject(
  {
    endpointId: z
      .optional(id('`endpointId`'))
      .check(z.describe('ARM id of the private endpoint that will ask.')),
    endpointName: z
      .optional(name('endpointName'))
      .check(z.describe('Name of the private endpoint that will ask; needs `tenantId`.')),
    connectionName: z
      .optional(name('connectionName'))
      .check(z.describe('Name of the connection that will appear on the target; needs `tenantId`.')),
    tenantId: z
      .optional(
        z
          .string({ error: '`tenantId` must be the GUID of a tenant: put it in quotes' })
          .check(z.refine(isGuid, { error: '`tenantId` must be the GUID of a tenant, not a name' })),
      )
      .check(z.describe("The tenant that owns the endpoint's subscription: only with a name.")),
    target: z
      .string({
        error: (issue) =>
          issue.input === undefined
            ? 'the request has no `target`: write the id of the resource that is asked for'
            : '`target` must be text: put it in quotes',
      })
      .check(z.describe('ARM id of the resource that is asked for.')),
    until: z
      .pipe(
        z.string({
          error: (issue) =>
            issue.input === undefined
              ? 'the request has no `until`: write when it is expected no longer, such as `2026-12-31T18:00:00Z`'
              : '`until` must be text: put it in quotes',
        }),
        z.iso.datetime({
          offset: true,
          error: '`until` must be an instant with a time zone, such as `2026-12-31T18:00:00Z`',
        }),
      )
      .check(z.describe('The instant from which it is expected no longer. ISO 8601, with a time zone.')),
    by: z
      .string({
        error: (issue) =>
          issue.input === undefined
            ? 'the request has no `by`: write who announces it'
            : '`by` must be text: put it in quotes',
      })
      .check(
        z.maxLength(expectedLimits.textLength, {
          error: `\`by\` is longer than ${expectedLimits.textLength} characters: shorten it`,
        }),
        z.regex(lineOfTextPattern, { error: '`by` must be one line of visible text' }),
        z.describe('Who announces it, for people: a pipeline, a ticket, a partner.'),
      ),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? undefined
        : 'an expected request must have `endpointId`, `target`, `until` and `by`',
  },
);

/** The schema of a file of expected requests. */
export const expectedFileSchema = z.strictObject(
  {
    version: formatVersion,
    expected: z
      .array(expectedRequestSchema, {
        error: (issue) =>
          issue.input === undefined
            ? 'the file has no `expected`: write `expected:` and below it each request'
            : '`expected` must be a list: begin each request with `- endpointId:`',
      })
      .check(
        z.maxLength(expectedLimits.requestsPerFile, {
          error: `there are more than ${expectedLimits.requestsPerFile} requests: split the file`,
        }),
        z.describe('The requests that somebody has announced.'),
      ),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? undefined : 'the file must begin with `version: 1`',
  },
);

/** One expected request as written. */
export type ExpectedRequestContent = z.infer<typeof expectedRequestSchema>;

/**
 * Returns the JSON Schema (draft 2020-12) of a file of expected requests, for editors. It is derived from the
 * schema of the parser.
 */
export function expectedSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(expectedFileSchema, { io: 'input' }),
    $id: 'urn:postern:schema:expected-requests:1',
    title: 'Postern expected requests',
    description: 'Requests for private endpoint connections that somebody has announced.',
  };
}
