import * as z from '../../base/schema/schema';
import type { WireType } from '../../azure/arm/connections/table/wire-type';
import { lower } from '../../base/compare';
import { type TargetTypeRow, targetTypeFrom } from '../../connections/target-type';
import { parseYaml } from '../../policy/file/parse-yaml';
import { placeOf, SourceText } from '../../policy/file/source-text';
import type { PolicyFile, PolicyProblem } from '../../policy/policy';

/** The rows of a table of one's own: what the use cases know of a type, and what the adapter does. */
export interface OwnTypes {
  readonly profiles: readonly TargetTypeRow[];
  readonly wire: Readonly<Record<string, WireType>>;
  /** Other api-versions for types that are in the table. */
  readonly apiVersions: ReadonlyMap<string, string>;
}

/** The result of parsing such a table. */
export type OwnTypesParse =
  | { readonly kind: 'parsed'; readonly types: OwnTypes }
  | { readonly kind: 'refused'; readonly problems: readonly PolicyProblem[] };

const version = z
  .string({ error: 'an api-version is text: put it in quotes' })
  .check(
    z.regex(/^\d{4}-\d\d-\d\d(?:-[a-z]+(?:\.\d+)?)?$/, { error: 'an api-version looks like "2024-01-01"' }),
  );
const typeName = z.string({ error: 'a type is text, such as Contoso.Data/stores' }).check(
  z.maxLength(200),
  z.regex(/^[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z0-9]+)+(?:\/[A-Za-z][A-Za-z0-9]*){1,2}$/, {
    error: 'a type is a namespace and one or two names, such as Contoso.Data/stores',
  }),
);
const state = z.pipe(
  z.string().check(z.regex(/^[A-Za-z]{1,40}$/, { error: 'a state is one word, such as Succeeded' })),
  z.transform(lower),
);

const rowSchema = z
  .strictObject({
    type: typeName,
    label: z
      .string({ error: 'a row needs a `label`: the product’s name' })
      .check(z.minLength(1), z.maxLength(100)),
    service: z.string({ error: 'a row needs a `service`: the word by which policies name it' }).check(
      z.regex(/^[a-z][a-z0-9-]{1,40}$/, {
        error: 'a service is a word of small letters, digits and dashes',
      }),
    ),
    apiVersion: version,
    targetApiVersion: z.optional(version),
    list: z.optional(z.literal('parent', { error: '`list` is `parent`, or left out' })),
    parentProperty: z.optional(
      z.string().check(
        z.regex(/^[A-Za-z]{1,80}$/, {
          error: '`parentProperty` is the name of one property of the target',
        }),
      ),
    ),
    method: z.optional(z.enum(['PUT', 'PATCH', 'none'], { error: '`method` is PUT, PATCH or none' })),
    identity: z.optional(z.enum(['id', 'name', 'endpoint'], { error: '`identity` is id, name or endpoint' })),
    endStates: z.optional(z.array(state, { error: '`endStates` is a list of words' }).check(z.maxLength(20))),
    opensMany: z.optional(z.boolean({ error: '`opensMany` is true or false' })),
    revocation: z.optional(z.enum(['reject', 'delete'], { error: '`revocation` is reject or delete' })),
    inResourceGraph: z.optional(z.boolean({ error: '`inResourceGraph` is true or false' })),
  })
  .check(
    z.refine(({ list, parentProperty }) => list !== 'parent' || parentProperty !== undefined, {
      error: '`list: parent` needs `parentProperty`: where the target holds its connections',
    }),
  );

const fileSchema = z.strictObject({
  version: z.literal(1, { error: 'begin the file with `version: 1`' }),
  apiVersions: z.optional(z.record(typeName, version)),
  types: z.optional(
    z.array(rowSchema, { error: '`types` is a list: begin each row with `- type:`' }).check(z.maxLength(300)),
  ),
});

/** Parses a table of one's own, with the place of each problem and how to fix it. Never throws. */
export function parseTypeFile(file: PolicyFile): OwnTypesParse {
  const source = new SourceText(file);
  const yaml = parseYaml(source);
  if (yaml.kind === 'refused') return yaml;
  const { document } = yaml;
  const placed = (path: readonly PropertyKey[], message: string): PolicyProblem =>
    source.problem(placeOf(document.getIn(path, true) ?? document.getIn(path.slice(0, -1), true)), message);
  const parsed = fileSchema.safeParse(document.toJS({ maxAliasCount: 0 }) ?? {});
  const problems = parsed.success
    ? namingProblems(parsed.data).map(({ path, message }) => placed(path, message))
    : parsed.error.issues.map((issue) => placed(issue.path, messageOf(issue)));
  if (!parsed.success || problems.length > 0) return { kind: 'refused', problems };
  return { kind: 'parsed', types: typesFrom(parsed.data) };
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return issue.message;
  return `unknown key ${issue.keys.map((key) => `\`${key.slice(0, 64)}\``).join(', ')}: remove it`;
}

type Content = z.output<typeof fileSchema>;

/** A row must be new, and an api-version must be of a type that is there. */
function namingProblems({
  types = [],
  apiVersions = {},
}: Content): { path: PropertyKey[]; message: string }[] {
  const own = new Set<string>();
  return [
    ...types.flatMap(({ type }, index) => {
      const isTaken = targetTypeFrom(type) !== undefined || own.has(lower(type));
      own.add(lower(type));
      const message = `${type} is in the table: to change its api-version, name it in \`apiVersions\``;
      return isTaken ? [{ path: ['types', index, 'type'], message }] : [];
    }),
    ...Object.keys(apiVersions).flatMap((type) =>
      targetTypeFrom(type) === undefined
        ? [
            {
              path: ['apiVersions', type],
              message: `${type} is not in the table: \`postern types\` lists all`,
            },
          ]
        : [],
    ),
  ];
}

function typesFrom({ types = [], apiVersions = {} }: Content): OwnTypes {
  return {
    profiles: types.map(({ type, label, service, method, opensMany, revocation, inResourceGraph }) => ({
      type,
      label,
      service,
      evidence: 'described',
      writes: method === 'none' ? 'none' : undefined,
      ...(opensMany === undefined ? {} : { opensMany }),
      ...(revocation === undefined ? {} : { revocation }),
      ...(inResourceGraph === undefined ? {} : { inResourceGraph }),
    })),
    wire: Object.fromEntries(types.map((row) => [row.type, wireFrom(row)])),
    apiVersions: new Map(Object.entries(apiVersions).map(([type, each]) => [lower(type), each])),
  };
}

function wireFrom(row: z.output<typeof rowSchema>): WireType {
  const { apiVersion, targetApiVersion, list, parentProperty, method, identity, endStates } = row;
  return {
    apiVersion,
    targetApiVersion,
    list,
    parentProperty,
    method: method === 'PATCH' ? method : undefined,
    identity: identity === 'id' ? undefined : identity,
    states: { terminal: endStates ?? ['succeeded'] },
    groupIds: [],
    transitions: {},
    evidence: { row: 'TARGET_TYPES_PATH' },
  };
}
