import * as z from '../base/schema/schema';
import { firstProblem, PosternError } from '../base/errors';
import { outcomeTypes, type OutcomeEvent } from './outcome-event';

/** A queue message with events that the topic has not accepted yet. */
export interface OutcomeMessage {
  readonly version: 1;
  readonly events: readonly OutcomeEvent[];
  /** How many times the topic was unavailable when these events were to be published. */
  readonly attempt: number;
  /** How many times the topic refused them. */
  readonly refusals: number;
}

/** The outcomes queue. */
export interface OutcomeQueue {
  /**
   * Delivers the message to `tellOutcome` after `delaySeconds` (0 to 604,800).
   * @throws PosternError STORE_UNAVAILABLE
   */
  put(message: OutcomeMessage, delaySeconds: number): Promise<void>;
}

const schema = z.object({
  version: z.literal(1),
  events: z
    .array(
      z.object({
        id: z.string().check(z.minLength(1)),
        type: z.enum(outcomeTypes),
        source: z.string().check(z.minLength(1)),
        subject: z.string().check(z.minLength(1)),
        time: z.iso.datetime({ offset: true }),
        data: z.record(z.string(), z.unknown()),
      }),
    )
    .check(z.minLength(1), z.maxLength(1_000)),
  attempt: z.int().check(z.minimum(0)),
  refusals: z.int().check(z.minimum(0)),
});

/**
 * Parses a message of the outcomes queue.
 * @throws PosternError MESSAGE_INVALID that names the field.
 */
export function parseOutcomeMessage(message: unknown): OutcomeMessage {
  const parsed = schema.safeParse(message);
  if (parsed.success) return parsed.data;
  throw new PosternError('MESSAGE_INVALID', `outcomes message: ${firstProblem(parsed.error)}`);
}

/**
 * Splits events into lists, in the same order, whose JSON has at most `maxBytes`. An event that is
 * longer gets a list of its own.
 */
export function batchesOf(events: readonly OutcomeEvent[], maxBytes: number): readonly OutcomeEvent[][] {
  const batches: OutcomeEvent[][] = [];
  let room = 0;
  for (const event of events) {
    const bytes = Buffer.byteLength(JSON.stringify(event)) + 1;
    const last = batches.at(-1);
    if (last === undefined || bytes > room) {
      batches.push([event]);
      room = maxBytes - 2 - bytes;
    } else {
      last.push(event);
      room -= bytes;
    }
  }
  return batches;
}

/**
 * The bytes of events per message. A queue message holds 48 KiB, including the message's other
 * fields.
 */
const messageBytes = 47 * 1024;

/**
 * Queues events for later publication, in as few messages as possible.
 * @throws PosternError STORE_UNAVAILABLE
 */
export async function putAside(
  queue: OutcomeQueue,
  events: readonly OutcomeEvent[],
  delaySeconds: number,
): Promise<void> {
  for (const batch of batchesOf(events, messageBytes))
    await queue.put({ version: 1, events: batch, attempt: 0, refusals: 0 }, delaySeconds);
}
