import * as z from 'zod';
import { firstProblem } from '../base/errors';
import { tryParseJson } from '../base/json';

/** The few fields of an event that are used, whether it came as Event Grid schema or as CloudEvents 1.0. */
export interface EventEnvelope {
  /** In lower case. */
  readonly type: string;
  readonly subject: string | undefined;
  readonly data: unknown;
}

export type EnvelopeReading =
  | { readonly kind: 'envelope'; readonly envelope: EventEnvelope }
  | { readonly kind: 'malformed'; readonly problem: string };

/** Some relays encode JSON twice. Event Grid delivers 1 MiB at most. */
const maxJsonCharacters = 1024 * 1024;

const schema = z.object({
  /** Event Grid schema. */
  eventType: z.string().max(500).optional(),
  /** CloudEvents. */
  type: z.string().max(500).optional(),
  subject: z.string().max(10_000).nullish(),
  data: z.unknown(),
});

/** Reads an event's envelope; `event`, and its `data`, may each be an object or that object's JSON. Never throws. */
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
  // What is not JSON stays as it is: the schema refuses it in its own words.
  const parsed = tryParseJson(value);
  return parsed === undefined ? value : parsed;
}

function malformed(problem: string): EnvelopeReading {
  return { kind: 'malformed', problem };
}
