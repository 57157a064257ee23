import type { DequeuedMessageItem } from '@azure/storage-queue';
import { tryParseJson, withPayloadProperties } from '../binding-data';
import type { TypedData } from '../worker/rpc';

/** Returns the trigger metadata of a queue message, with the message's own properties added. */
export function queueMetadata(message: DequeuedMessageItem, text: string): Record<string, TypedData> {
  const builtIn: Record<string, TypedData> = {
    QueueTrigger: { string: text },
    DequeueCount: { int: message.dequeueCount },
    Id: { string: message.messageId },
    PopReceipt: { string: message.popReceipt },
    InsertionTime: instant(message.insertedOn),
    ExpirationTime: instant(message.expiresOn),
    NextVisibleTime: instant(message.nextVisibleOn),
  };
  return withPayloadProperties(builtIn, tryParseJson(text));
}

/** Formats an instant. Queue times have whole seconds; .NET writes UTC with its offset. */
function instant(date: Date): TypedData {
  return { json: JSON.stringify(date.toISOString().replace(/(\.000)?Z$/, '+00:00')) };
}
