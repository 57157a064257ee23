import type { JsonObject } from '../http/message';
import type { LocalEvent } from './event-payloads';

export type EventSchema = 'EventGridSchema' | 'CloudEventSchemaV1_0';

export interface Delivery {
  readonly contentType: string;
  readonly body: string;
}

/**
 * Returns the body that is posted for one event. Event Grid's own schema wraps it in an array, CloudEvents
 * does not.
 */
export function deliveryOf(event: LocalEvent, schema: EventSchema): Delivery {
  if (schema === 'EventGridSchema') {
    return { contentType: 'application/json; charset=utf-8', body: JSON.stringify([gridEvent(event)]) };
  }
  return {
    contentType: 'application/cloudevents+json; charset=utf-8',
    body: JSON.stringify(cloudEvent(event)),
  };
}

function gridEvent({ id, topic, subject, data, eventType, dataVersion, eventTime }: LocalEvent): JsonObject {
  return { id, topic, subject, data, eventType, dataVersion, metadataVersion: '1', eventTime };
}

function cloudEvent({ id, topic, subject, data, eventType, eventTime }: LocalEvent): JsonObject {
  return { id, source: topic, subject, data, type: eventType, specversion: '1.0', time: eventTime };
}

export interface Validation {
  readonly code: string;
  readonly method: 'POST' | 'OPTIONS';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Returns the handshake by which a webhook confirms that it wants events. */
export function validationOf(options: {
  schema: EventSchema;
  code: string;
  id: string;
  now: Date;
}): Validation {
  const { schema, code, id, now } = options;
  if (schema === 'CloudEventSchemaV1_0') {
    const headers = { 'webhook-request-origin': 'eventgrid.azure.net', 'webhook-request-rate': '120' };
    return { code, method: 'OPTIONS', headers, body: undefined };
  }
  const event = {
    id,
    topic: '/subscriptions/00000000-0000-0000-0000-000000000000',
    subject: '',
    data: { validationCode: code, validationUrl: 'https://localhost/not-served' },
    eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
    eventTime: now.toISOString(),
    metadataVersion: '1',
    dataVersion: '2',
  };
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'aeg-event-type': 'SubscriptionValidation',
  };
  return { code, method: 'POST', headers, body: JSON.stringify([event]) };
}
