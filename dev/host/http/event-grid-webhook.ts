import { tryParseJson, withPayloadProperties } from '../binding-data';
import { messageOf } from '../errors';
import type { HostedFunction, Trigger } from '../functions';
import { jsonReply, textReply, type HostReply, type HostRequest } from './http-reply';
import type { Invoke } from '../invoker';
import { respellDates } from './json-dates';
import { keyOf, webhookRefusal, type HostKeys } from './keys';
import type { TypedData } from '../worker/rpc';

export interface EventGridWebhookOptions {
  /** The functions that are not disabled. */
  readonly functions: readonly HostedFunction[];
  readonly keys: HostKeys;
  readonly invoke: Invoke;
}

const verbs: ReadonlySet<string> = new Set(['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS']);

/** Answers `/runtime/webhooks/eventgrid?functionName=F&code=K`: handshakes and deliveries of Event Grid. */
export async function answerEventGrid(
  options: EventGridWebhookOptions,
  request: HostRequest,
): Promise<HostReply> {
  if (!verbs.has(request.method)) return { status: 404 };
  const query = request.url.searchParams;
  const refusal = webhookRefusal(options.keys, keyOf(request.headers, query));
  if (refusal !== undefined) return { status: refusal };
  const name = query.get('functionName') ?? '';
  const target = options.functions.find((one) => one.name === name);
  if (target === undefined || target.trigger.kind !== 'eventGrid') {
    return textReply(404, `cannot find function: '${name}'`);
  }
  if (request.method === 'OPTIONS') return allowOrigin(request);
  switch (headerOf(request, 'aeg-event-type')?.toLowerCase()) {
    case 'subscriptionvalidation':
      return confirmSubscription(request);
    case 'notification':
      return deliver(options.invoke, target, target.trigger, request);
    case 'unsubscribe':
      return { status: 202 };
    default:
      return { status: 400 };
  }
}

/** Answers the CloudEvents handshake with the origin that may deliver. */
function allowOrigin(request: HostRequest): HostReply {
  const origin = headerOf(request, 'webhook-request-origin');
  return origin === undefined
    ? { status: 200 }
    : { status: 200, headers: { 'WebHook-Allowed-Origin': origin } };
}

/** Answers Event Grid's own handshake. A CloudEvent carries its data as JSON text. */
function confirmSubscription(request: HostRequest): HostReply {
  const body = jsonBody(request);
  if (body === undefined) return { status: 500 };
  const event: unknown = Array.isArray(body) ? body[0] : body;
  const data = field(event, 'data');
  const validationCode = field(typeof data === 'string' ? tryParseJson(data) : data, 'validationCode');
  if (typeof validationCode !== 'string') return textReply(400, 'the event has no validationCode');
  return jsonReply(200, { validationResponse: validationCode });
}

/**
 * Starts one invocation per event, all at the same time. One failure fails the delivery, which Event Grid
 * then repeats.
 */
async function deliver(
  invoke: Invoke,
  target: HostedFunction,
  trigger: Extract<Trigger, { readonly kind: 'eventGrid' }>,
  request: HostRequest,
): Promise<HostReply> {
  const body = respellDates(jsonBody(request));
  if (body === undefined) return { status: 500 };
  if (typeof body !== 'object' || body === null) return textReply(400, 'the body is not an event');
  const events: unknown[] = Array.isArray(body) ? body : [body];
  const values = trigger.many ? [events] : events;
  const invocations = values.map((value) =>
    invoke(target, {
      data: { json: JSON.stringify(value) },
      triggerMetadata: eventMetadata(value),
      traceParent: headerOf(request, 'traceparent'),
    }),
  );
  const results = await Promise.allSettled(invocations);
  const failed = results.find((result) => result.status === 'rejected');
  return failed === undefined ? { status: 202 } : textReply(500, messageOf(failed.reason));
}

function eventMetadata(event: unknown): Record<string, TypedData> {
  const data = field(event, 'data');
  const builtIn = data === undefined ? {} : { data: { json: JSON.stringify(data) } };
  return { ...withPayloadProperties({}, event), ...builtIn };
}

/** Parses the body; undefined if it is not JSON. */
function jsonBody(request: HostRequest): unknown {
  return tryParseJson(Buffer.from(request.body).toString('utf8'));
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Record<string, unknown>)[name];
}

function headerOf(request: HostRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
