import { z } from 'zod';
import { HostError, messageOf } from './errors';
import type { FunctionMetadata } from './worker/rpc';
import { isDisabled, resolveSettings, type Settings } from './settings';
import { connectionOf, type StorageConnection } from './storage/connection-string';

export type AuthLevel = 'anonymous' | 'function' | 'admin';

export type Trigger =
  | { readonly kind: 'eventGrid'; readonly name: string; readonly many: boolean }
  | {
      readonly kind: 'queue';
      readonly name: string;
      readonly queueName: string;
      readonly connection: StorageConnection;
    }
  | {
      readonly kind: 'timer';
      readonly name: string;
      readonly schedule: string;
      readonly runOnStartup: boolean;
      readonly useMonitor: boolean;
    }
  | {
      readonly kind: 'http';
      readonly name: string;
      readonly methods: readonly string[];
      readonly authLevel: AuthLevel;
      readonly route: string;
    };

export interface QueueOutput {
  /** The binding's name; `$return` is the handler's return value. */
  readonly name: string;
  readonly queueName: string;
  readonly connection: StorageConnection;
}

export interface HostedFunction {
  readonly name: string;
  readonly trigger: Trigger;
  readonly queueOutputs: readonly QueueOutput[];
  /** The name of the output binding that carries the HTTP response. */
  readonly httpOutput?: string;
  readonly disabled: boolean;
}

const flag = z.union([z.boolean(), z.stringbool()]);
const triggers = {
  eventgridtrigger: z.looseObject({ cardinality: z.string().optional() }),
  queuetrigger: z.looseObject({ queueName: z.string(), connection: z.string().optional() }),
  timertrigger: z.looseObject({
    schedule: z.string(),
    runOnStartup: flag.default(false),
    useMonitor: flag.default(true),
  }),
  httptrigger: z.looseObject({
    methods: z.array(z.string()).optional(),
    authLevel: z
      .string()
      .toLowerCase()
      .pipe(z.enum(['anonymous', 'function', 'admin']))
      .default('function'),
    route: z.string().optional(),
  }),
};
const queueOutput = z.looseObject({ queueName: z.string(), connection: z.string().optional() });
const bindingName = /^([a-zA-Z][a-zA-Z0-9]{0,127}|\$return)$/;

/**
 * Parses the app's registrations: replaces `%NAME%` and resolves connections.
 * @throws HostError HOST_BINDING_INVALID that lists every binding that this host does not support.
 */
export function parseFunctions(metadata: readonly FunctionMetadata[], settings: Settings): HostedFunction[] {
  const problems: string[] = [];
  const functions: HostedFunction[] = [];
  for (const one of metadata) {
    try {
      functions.push(parseFunction(one, settings));
    } catch (error) {
      const detail = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
      problems.push(`function "${one.name}": ${detail}`);
    }
  }
  if (problems.length > 0) throw new HostError('HOST_BINDING_INVALID', problems.join('\n'));
  return functions;
}

interface NamedBinding {
  readonly name: string;
  readonly type: string;
  readonly direction: string;
  readonly fields: Record<string, unknown>;
}

function parseFunction(metadata: FunctionMetadata, settings: Settings): HostedFunction {
  const bindings = Object.entries(metadata.bindings).map(
    ([name, { type, direction, ...fields }]): NamedBinding => {
      if (!bindingName.test(name)) throw new Error(`"${name}" is not a valid binding name`);
      const resolved = resolveFields(fields, settings);
      return { name, type: (type ?? '').toLowerCase(), direction: direction ?? 'in', fields: resolved };
    },
  );
  const [trigger, ...others] = bindings.filter(({ type }) => type.endsWith('trigger'));
  if (trigger === undefined || others.length > 0) throw new Error('a function must have exactly one trigger');
  const rest = bindings.filter((binding) => binding !== trigger);
  const http = rest.find(({ type, direction }) => type === 'http' && direction === 'out');
  const queueOutputs = rest
    .filter((binding) => binding !== http)
    .map((binding) => parseQueueOutput(binding, settings));
  return {
    name: metadata.name,
    trigger: parseTrigger(metadata.name, trigger, settings),
    queueOutputs,
    ...(http === undefined ? {} : { httpOutput: http.name }),
    disabled: isDisabled(metadata.name, settings),
  };
}

function resolveFields(fields: Record<string, unknown>, settings: Settings): Record<string, unknown> {
  const entries = Object.entries(fields).map(([key, value]) => [
    key,
    typeof value === 'string' ? resolveSettings(value, settings) : value,
  ]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

function parseTrigger(functionName: string, binding: NamedBinding, settings: Settings): Trigger {
  const { name, type, fields } = binding;
  switch (type) {
    case 'eventgridtrigger': {
      const { cardinality } = triggers.eventgridtrigger.parse(fields);
      return { kind: 'eventGrid', name, many: cardinality?.toLowerCase() === 'many' };
    }
    case 'queuetrigger':
      return { kind: 'queue', name, ...queueOf(triggers.queuetrigger.parse(fields), settings) };
    case 'timertrigger': {
      const { schedule, runOnStartup, useMonitor } = triggers.timertrigger.parse(fields);
      return { kind: 'timer', name, schedule, runOnStartup, useMonitor };
    }
    case 'httptrigger': {
      const { methods, authLevel, route } = triggers.httptrigger.parse(fields);
      const upper = (methods ?? []).map((method) => method.toUpperCase());
      return { kind: 'http', name, methods: upper, authLevel, route: route ?? functionName };
    }
    default:
      throw new Error(`this host does not support a trigger of type "${type}"`);
  }
}

function parseQueueOutput({ name, type, direction, fields }: NamedBinding, settings: Settings): QueueOutput {
  if (type !== 'queue' || direction !== 'out') {
    throw new Error(`this host does not support an ${direction} binding of type "${type}" ("${name}")`);
  }
  return { name, ...queueOf(queueOutput.parse(fields), settings) };
}

/** Parses a queue binding. The host uses queue names in lower case. */
function queueOf(
  { queueName, connection }: { readonly queueName: string; readonly connection?: string | undefined },
  settings: Settings,
): { readonly queueName: string; readonly connection: StorageConnection } {
  const lower = queueName.toLowerCase();
  if (!isQueueName(lower)) throw new Error(`"${queueName}" is not a valid queue name`);
  return { queueName: lower, connection: connectionOf(connection, settings) };
}

/** Returns whether a name has 3 to 63 lower-case letters, digits and single hyphens between them. */
export function isQueueName(name: string): boolean {
  return name.length >= 3 && name.length <= 63 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name);
}
