import { authenticate } from '../access/authorization';
import type { LocalClock } from '../model/local-clock';
import {
  armError,
  bodyText,
  emptyResponse,
  notSupported,
  objectOf,
  parseJson,
  textOf,
  type Json,
  type JsonObject,
  type LocalRequest,
  type LocalResponse,
} from '../http/message';
import type { TokenStore } from '../access/principals';

/** A custom Event Grid topic that accepts CloudEvents and keeps them. */
export interface Topic {
  /** All events, oldest first, including repeated ones. */
  readonly events: readonly JsonObject[];
  clear(): void;
  answer(request: LocalRequest): LocalResponse;
}

const path = '/api/events';
const audience = 'https://eventgrid.azure.net';
const maxBytes = 1024 * 1024;
const maxEvents = 5_000;
const demanded = ['id', 'source', 'type', 'specversion'];

export function isTopicPath(pathname: string): boolean {
  return pathname.toLowerCase() === path;
}

export function createTopic({ tokens, clock }: { tokens: TokenStore; clock: LocalClock }): Topic {
  const events: JsonObject[] = [];

  function publish(request: LocalRequest): LocalResponse {
    const caller = authenticate(request, { tokens, now: clock.now(), audiences: [audience] });
    if ('kind' in caller) return caller;
    if (request.body.byteLength > maxBytes) return refuse(413, 'The maximum size (1 MB) is exceeded.');
    const [mediaType] = (request.headers['content-type'] ?? '').split(';');
    if (mediaType !== 'application/cloudevents-batch+json')
      return refuse(400, `This topic accepts batches of CloudEvents, not ${mediaType}.`);
    const batch = readBatch(request);
    if (batch === undefined) return refuse(400, 'The body is not a batch of CloudEvents 1.0.');
    events.push(...batch);
    return emptyResponse(200);
  }

  return {
    events,
    clear: () => void events.splice(0),
    answer: (request) => {
      const apiVersion = new URL(request.url).searchParams.get('api-version');
      if (request.method === 'POST' && apiVersion === '2018-01-01') return publish(request);
      return notSupported(`${request.method} of a topic, api-version ${apiVersion}`);
    },
  };
}

function readBatch(request: LocalRequest): readonly JsonObject[] | undefined {
  const parsed = parseJson(bodyText(request));
  if (!Array.isArray(parsed) || parsed.length > maxEvents) return undefined;
  const batch: readonly JsonObject[] = (parsed as readonly Json[])
    .map(objectOf)
    .filter((item) => item !== undefined);
  const isWhole = batch.length === parsed.length && batch.every(isCloudEvent);
  return isWhole ? batch : undefined;
}

function isCloudEvent(event: JsonObject): boolean {
  return demanded.every((name) => (textOf(event[name]) ?? '') !== '') && event['specversion'] === '1.0';
}

function refuse(status: number, message: string): LocalResponse {
  return armError(status, status === 413 ? 'RequestEntityTooLarge' : 'BadRequest', message);
}
