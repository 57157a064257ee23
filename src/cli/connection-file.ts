import * as z from 'zod';
import { describeError, PosternError } from '../errors';
import type { Facts } from '../policy/facts';
import type { PolicyFile } from '../policy/policy';
import { factsFromInput, factsInputSchema, type FactsDefaults, type FactsInput } from './facts-input';
import { checkInput, inputError, parseInput } from './yaml-input';

/** The parts of a connection as ARM sends it that policy knows. */
const armSchema = z.object({
  id: z.string({ error: 'a connection as ARM sends it has an `id`' }),
  properties: z.object({
    provisioningState: z.string().nullish(),
    privateEndpoint: z.object({ id: z.string().nullish() }).nullish(),
    groupIds: z.array(z.string()).nullish(),
    privateLinkServiceConnectionState: z.object({
      status: z.string().min(1),
      description: z.string().nullish(),
    }),
  }),
});

type Tags = Readonly<Record<string, string>> | undefined;

export interface ExtraTags {
  readonly targetTags: Tags;
  readonly endpointTags: Tags;
}

/**
 * The facts in a JSON or YAML file: as `postern export` writes them, or a connection as ARM sends it, which has no tags.
 * @throws CliError with every problem, its place and a caret.
 */
export function factsFromFile(file: PolicyFile, defaults: FactsDefaults, tags: ExtraTags): Facts {
  const input = parseInput(file);
  const { value } = input;
  const isArm = typeof value === 'object' && value !== null && 'properties' in value;
  const stated = isArm
    ? fromArm(checkInput(input, armSchema, file))
    : checkInput(input, factsInputSchema, file);
  try {
    return factsFromInput(withTags(stated, tags), defaults);
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    throw inputError([input.problem([], describeError(error))], file);
  }
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
