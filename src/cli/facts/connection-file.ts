import * as z from '../../base/schema/schema';
import { describeError, PosternError } from '../../base/errors';
import type { Facts } from '../../policy/facts/facts';
import type { PolicyFile } from '../../policy/policy';
import { CliError } from '../cli-host';
import { shapeOf, type ArmForm } from './connection-shape';
import { factsFromInput, factsInputSchema, type FactsDefaults, type FactsInput } from './facts-input';
import { isExample, madeUpIn } from './example-facts';
import { readJson } from './json-text';
import { checkInput, inputError, parseInput, type YamlInput } from './yaml-input';

/** The parts of a connection in ARM's form that policy conditions can read. */
const armSchema = z.object({
  id: z.string({ error: 'a connection from ARM must have an `id`' }),
  properties: z.object({
    provisioningState: z.nullish(z.string()),
    privateEndpoint: z.nullish(z.object({ id: z.nullish(z.string()) })),
    groupIds: z.nullish(z.array(z.string())),
    privateLinkServiceConnectionState: z.object({
      status: z.string().check(z.minLength(1)),
      description: z.nullish(z.string()),
    }),
  }),
});

type Tags = Readonly<Record<string, string>> | undefined;

/** Tags from the command line, added to those of the file. */
export interface ExtraTags {
  readonly targetTags: Tags;
  readonly endpointTags: Tags;
}

/** The facts of a file. */
export interface FileFacts {
  readonly facts: Facts;
  /** What the file does not state and was made up, such as `endpoint`. Empty for a real connection. */
  readonly madeUp: readonly string[];
}

/**
 * Reads the facts of one connection from a JSON or YAML file: as `postern export` writes them, or a
 * connection (without tags) as ARM, the Azure CLI or Az PowerShell print it, or an example: facts that leave out what a
 * test case may leave out.
 * @throws CliError with every problem, its location and a caret.
 */
export function factsFromFile(
  file: PolicyFile,
  defaults: Omit<FactsDefaults, 'makeUp'>,
  tags: ExtraTags,
): FileFacts {
  const lines = jsonLinesIn(file.text);
  if (lines > 1) throw new CliError(`${file.path}: ${listProblem(lines)}`);
  const input = parseInput(file);
  const stated = withTags(statedIn(input, file, input.value), tags);
  const makeUp = isExample(stated);
  try {
    return { facts: factsFromInput(stated, { ...defaults, makeUp }), madeUp: makeUp ? madeUpIn(stated) : [] };
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    throw inputError([input.problem([], describeError(error))], file);
  }
}

/** Counts the lines of a JSON Lines text, as `postern export` writes it; returns 0 for any other text. */
function jsonLinesIn(text: string): number {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.every((line) => line.startsWith('{') && readJson(line).kind === 'parsed') ? lines.length : 0;
}

function statedIn(input: YamlInput, file: PolicyFile, value: unknown): FactsInput {
  const shape = shapeOf(value ?? undefined);
  switch (shape.kind) {
    case 'facts':
      return checkInput({ ...input, value }, factsInputSchema, file);
    case 'connection':
      return fromArm(checkInput({ ...input, value: shape.form }, armSchema, file));
    case 'list':
      if (shape.items.length === 1) return statedIn(input, file, shape.items[0]);
      throw inputError([input.problem([], listProblem(shape.items.length))], file);
    case 'other':
      throw inputError([input.problem([], `this is ${shape.what}`)], file);
  }
}

function listProblem(count: number): string {
  if (count === 0) return 'this is an empty list, without a connection';
  return `this is a list of ${count} connections: pass one of them, or use simulate --from`;
}

/**
 * Converts a connection in ARM's form to facts. Returns the first problem, as text, if a part is
 * missing or wrong.
 */
export function inputFromArm(form: ArmForm): FactsInput | string {
  const parsed = armSchema.safeParse(form);
  if (parsed.success) return fromArm(parsed.data);
  const [issue] = parsed.error.issues;
  return issue === undefined ? 'not a connection' : `${issue.path.join('.')}: ${issue.message}`;
}

function fromArm({ id, properties }: z.output<typeof armSchema>): FactsInput {
  const { privateLinkServiceConnectionState: state, privateEndpoint, groupIds } = properties;
  return {
    connection: {
      id,
      status: state.status,
      message: state.description ?? '',
      groupIds: groupIds ?? [],
      provisioningState: properties.provisioningState,
    },
    endpoint: privateEndpoint?.id ? { id: privateEndpoint.id } : null,
  };
}

function withTags(input: FactsInput, { targetTags, endpointTags }: ExtraTags): FactsInput {
  const { target, endpoint } = input;
  return {
    ...input,
    target: targetTags === undefined ? target : { ...target, tags: { ...target?.tags, ...targetTags } },
    endpoint:
      endpointTags === undefined || endpoint === null
        ? endpoint
        : { ...endpoint, tags: { ...endpoint?.tags, ...endpointTags } },
  };
}
