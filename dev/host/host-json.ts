import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { HostError, messageOf } from './errors';
import type { Settings } from './settings';
import { parseTimeSpanMs } from './timer/time-span';

export interface QueueOptions {
  /** The number of messages per read. */
  readonly batchSize: number;
  /** The next read waits until at most this many messages are being processed. */
  readonly newBatchThreshold: number;
  readonly maxDequeueCount: number;
  readonly maxPollingIntervalMs: number;
  /** How long a message stays hidden after its invocation failed. */
  readonly visibilityTimeoutMs: number;
  readonly messageEncoding: 'base64' | 'none';
}

export interface HostOptions {
  /** The time limit of one invocation; undefined: no limit. */
  readonly functionTimeoutMs: number | undefined;
  readonly queues: QueueOptions;
  readonly routePrefix: string;
}

const wholeNumber = z.coerce.number().int();
const timeSpan = z.string().transform((text, context) => {
  const milliseconds = parseTimeSpanMs(text);
  if (milliseconds !== undefined) return milliseconds;
  context.addIssue({ code: 'custom', message: `"${text}" is not a time span (hh:mm:ss)` });
  return z.NEVER;
});

const queues = z.looseObject({
  batchSize: wholeNumber.min(1).max(32).default(16),
  newBatchThreshold: wholeNumber.min(0).optional(),
  maxDequeueCount: wholeNumber.min(1).default(5),
  maxPollingInterval: timeSpan.refine((ms) => ms >= 100, 'at least 00:00:00.1').default(60_000),
  visibilityTimeout: timeSpan.default(0),
  messageEncoding: z
    .string()
    .toLowerCase()
    .pipe(z.enum(['base64', 'none']))
    .default('base64'),
});

const hostJson = z.looseObject({
  version: z.literal('2.0', 'must be "2.0"'),
  functionTimeout: z
    .literal('-1')
    .or(timeSpan)
    .default(30 * 60_000),
  extensions: z
    .looseObject({
      queues: queues.prefault({}),
      http: z.looseObject({ routePrefix: z.string().default('api') }).prefault({}),
    })
    .prefault({}),
});

/**
 * Reads the app's host.json and applies its `AzureFunctionsJobHost__a__b` settings.
 * @throws HostError HOST_JSON_INVALID
 */
export function readHostJson(appDirectory: string, settings: Settings): HostOptions {
  const file = join(appDirectory, 'host.json');
  try {
    return parseHostJson(JSON.parse(readFileSync(file, 'utf8')), settings);
  } catch (error) {
    const detail = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new HostError('HOST_JSON_INVALID', `${file}: ${detail}`, { cause: error });
  }
}

/**
 * Parses host.json.
 * @throws ZodError that lists every problem.
 */
export function parseHostJson(json: unknown, settings: Settings): HostOptions {
  const parsed = hostJson.parse(withOverrides(json, settings));
  const given = parsed.extensions.queues;
  const { functionTimeout } = parsed;
  return {
    functionTimeoutMs: functionTimeout === '-1' ? undefined : functionTimeout,
    routePrefix: parsed.extensions.http.routePrefix.replace(/^\/+|\/+$/g, ''),
    queues: {
      batchSize: given.batchSize,
      newBatchThreshold: given.newBatchThreshold ?? Math.floor(given.batchSize / 2) * availableParallelism(),
      maxDequeueCount: given.maxDequeueCount,
      maxPollingIntervalMs: given.maxPollingInterval,
      visibilityTimeoutMs: given.visibilityTimeout,
      messageEncoding: given.messageEncoding,
    },
  };
}

/**
 * Applies settings such as `AzureFunctionsJobHost__extensions__queues__batchSize=4` over the file, as the
 * real host does.
 */
function withOverrides(json: unknown, settings: Settings): unknown {
  const prefix = 'azurefunctionsjobhost__';
  let result = json;
  for (const [name, value] of Object.entries(settings)) {
    if (!name.toLowerCase().startsWith(prefix)) continue;
    result = withValue(result, name.slice(prefix.length).split('__'), value);
  }
  return result;
}

function withValue(json: unknown, path: string[], value: string): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  const fields: Record<string, unknown> = typeof json === 'object' && json !== null ? { ...json } : {};
  const key =
    Object.keys(fields).find((field) => field.toLowerCase() === head.toLowerCase()) ?? camelCase(head);
  return { ...fields, [key]: withValue(fields[key], rest, value) };
}

/**
 * Lower-cases the first letter: settings may be in any case, the names in host.json start with a lower-case
 * letter.
 */
function camelCase(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
