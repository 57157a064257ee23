import { tryParseJson } from '../binding-data';
import type { HostedFunction, QueueOutput } from '../functions';
import type { QueueOptions } from '../host-json';
import { respellDates } from '../http/json-dates';
import { encodeMessage, type Queues } from './queues';
import type { InvocationResponse, TypedData } from '../worker/rpc';

/** Writes the values of a handler's queue output bindings. */
export class QueueOutputWriter {
  readonly #queues: Queues;
  readonly #encoding: QueueOptions['messageEncoding'];

  constructor(queues: Queues, encoding: QueueOptions['messageEncoding']) {
    this.#queues = queues;
    this.#encoding = encoding;
  }

  /** Writes messages one after another, in order. Rejects at the first failure. */
  async write(target: HostedFunction, response: InvocationResponse): Promise<void> {
    for (const output of target.queueOutputs) {
      for (const message of queueMessages(valueOf(output, response))) {
        await this.#queues.enqueue(output, encodeMessage(message, this.#encoding));
      }
    }
  }
}

/** Returns the value of a binding. Without a `$return` binding the handler's return value is ignored. */
function valueOf(output: QueueOutput, response: InvocationResponse): TypedData | null | undefined {
  if (output.name === '$return') return response.returnValue;
  return response.outputData?.find(({ name }) => name === output.name)?.data;
}

/**
 * Returns the messages of an output value: one for each element of an array (or of a string that is a JSON
 * array), otherwise one. Objects are indented, as in the real host.
 */
export function queueMessages(value: TypedData | null | undefined): Uint8Array[] {
  if (value === null || value === undefined) return [];
  if (value.bytes !== undefined) return [value.bytes];
  if (value.json !== undefined) return jsonMessages(JSON.parse(value.json));
  if (value.string !== undefined) return stringMessages(value.string);
  const number = value.int ?? value.double;
  return number === undefined ? [] : [Buffer.from(String(number))];
}

function stringMessages(text: string): Uint8Array[] {
  const parsed = tryParseJson(text);
  const isStructured = typeof parsed === 'object' && parsed !== null;
  return isStructured ? jsonMessages(respellDates(parsed)) : [Buffer.from(text)];
}

function jsonMessages(value: unknown): Uint8Array[] {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(messageText);
  return value === null ? [] : [messageText(value)];
}

function messageText(value: unknown): Uint8Array {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value, null, 2));
}
