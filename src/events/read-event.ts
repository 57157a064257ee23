import type { EventReader, EventReading } from './hints';
import { readEnvelope } from './event-envelope';
import { readNotification } from './resource-notification';
import { readOperation } from './resource-operation';

/**
 * Reads an event in Event Grid schema or CloudEvents 1.0 and returns what to review because of it.
 * Supports `Microsoft.Resources.Resource*` and `Microsoft.ResourceNotifications.Resources.*`. An
 * event is only a hint, so nothing else in it is trusted.
 * Pure; never throws, for any input.
 */
export function hintsFromEvent(event: unknown, reader: EventReader): EventReading {
  const reading = readEnvelope(event);
  if (reading.kind === 'malformed') return reading;
  const { envelope } = reading;
  switch (envelope.type) {
    case 'microsoft.resources.resourcewritesuccess':
      return readOperation(envelope, 'write', reader);
    case 'microsoft.resources.resourceactionsuccess':
      return readOperation(envelope, 'action', reader);
    case 'microsoft.resources.resourcedeletesuccess':
      return readOperation(envelope, 'delete', reader);
    case 'microsoft.resourcenotifications.resources.createdorupdated':
      return readNotification(envelope, 'write', reader.answers);
    case 'microsoft.resourcenotifications.resources.deleted':
      return readNotification(envelope, 'delete', reader.answers);
    default:
      return { kind: 'ignored', reason: isFailure(envelope.type) ? 'failed-operation' : 'other-event-type' };
  }
}

function isFailure(type: string): boolean {
  return /^microsoft\.resources\.resource(?:write|action|delete)(?:failure|cancel)$/.test(type);
}
