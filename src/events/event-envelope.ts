import * as z from '../base/schema/schema';
import { firstProblem } from '../base/errors';
import { tryParseJson } from '../base/json';

/** The fields of an event that are used, for both Event Grid schema and CloudEvents 1.0. */
export interface EventEnvelope {
  /** In lower case. */
  readonly type: string;
  readonly subject: string | undefined;
  readonly data: unknown;
}

/** The result of reading an envelope. */
export type EnvelopeReading =
  | { readonly kind: 'envelope'; readonly envelope: EventEnvelope }
  | { readonly kind: 'malformed'; readonly problem: string };

/**
 * The longest JSON text that is decoded. Some relays encode JSON twice; Event Grid delivers 1 MiB
 * at most.
 */
const maxJsonCharacters = 1024 * 1024;

const schema = z.object({
  /** Event Grid schema. */
  eventType: z.optional(z.string().check(z.maxLength(500))),
  /** CloudEvents. */
  type: z.optional(z.string().check(z.maxLength(500))),
  subject: z.nullish(z.string().check(z.maxLength(10_000))),
  data: z.unknown(),
});

/**
 * Reads an event's envelope. `event` and its `data` may each be an object or that object's JSON.
 * Never throws.
 */
export function readEnvelope(event: unknown): EnvelopeReading {
  const parsed = schema.safeParse(decoded(event));
  if (!parsed.success) return malformed(firstProblem(parsed.error));
  const { eventType, type, subject, data } = parsed.data;
  const name = eventType ?? type;
  if (name === undefined) return malformed('it has neither eventType nor type');
  return {
    kind: 'envelope',
    envelope: { type: name.toLowerCase(), subject: subject ?? undefined, data: decoded(data) },
  };
}

function decoded(value: unknown): unknown {
  if (typeof value !== 'string' || value.length > maxJsonCharacters) return value;
  // Not JSON: validation against the schema reports it.
  const parsed = tryParseJson(value);
  return parsed === undefined ? value : parsed;
}

function malformed(problem: string): EnvelopeReading {
  return { kind: 'malformed', problem };
}

/** Takes a field of unexpected shape as absent: the facts are read from ARM anyway. */
export function ifWellFormed<T extends z.ZodMiniType>(field: T) {
  return z.catch(z.optional(field), undefined);
}
