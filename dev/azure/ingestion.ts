import { gunzipSync } from 'node:zlib';
import {
  emptyResponse,
  jsonResponse,
  notSupported,
  parseJson,
  objectOf,
  type JsonObject,
  type LocalRequest,
  type LocalResponse,
} from './http/message';

/** The ingestion endpoint of Application Insights. It keeps what it receives. */
export interface Ingestion {
  /** All envelopes, oldest first. */
  readonly envelopes: readonly JsonObject[];
  clear(): void;
  answer(request: LocalRequest): LocalResponse;
}

export type TelemetryListener = (envelope: JsonObject) => void;

export function createIngestion(listener: TelemetryListener = () => undefined): Ingestion {
  const envelopes: JsonObject[] = [];

  function track(request: LocalRequest): LocalResponse {
    const items = readItems(request);
    if (items === undefined)
      return jsonResponse(400, counts(0, 0, 'The body is neither JSON nor lines of JSON.'));
    for (const item of items) {
      envelopes.push(item);
      listener(item);
    }
    return jsonResponse(200, counts(items.length, items.length));
  }

  return {
    envelopes,
    clear: () => void envelopes.splice(0),
    answer: (request) => {
      const path = new URL(request.url).pathname.toLowerCase();
      if (path.startsWith('/quickpulseservice.svc/'))
        return emptyResponse(200, { 'x-ms-qps-subscribed': 'false' });
      if (request.method === 'POST' && /^\/v2(\.1)?\/track$/.test(path)) return track(request);
      return notSupported(`${request.method} ${path} of Application Insights`);
    },
  };
}

export function isIngestionPath(pathname: string): boolean {
  return /^\/(v2(\.1)?\/track|quickpulseservice\.svc\/)/i.test(pathname);
}

/** Reads a JSON array, or one JSON object per line, compressed or not. */
function readItems({ headers, body }: LocalRequest): JsonObject[] | undefined {
  const text = unpack(headers['content-encoding'], body);
  if (text === undefined) return undefined;
  const whole = parseJson(text);
  const parsed = Array.isArray(whole)
    ? whole
    : whole === undefined
      ? text
          .split('\n')
          .filter((line) => line.trim() !== '')
          .map(parseJson)
      : [whole];
  const items = parsed.map(objectOf);
  return items.every((item) => item !== undefined) ? items : undefined;
}

function unpack(encoding: string | undefined, body: Uint8Array): string | undefined {
  try {
    return new TextDecoder().decode(encoding === 'gzip' ? gunzipSync(body) : body);
  } catch {
    return undefined;
  }
}

function counts(itemsReceived: number, itemsAccepted: number, problem?: string): JsonObject {
  const errors = problem === undefined ? [] : [{ index: 0, statusCode: 400, message: problem }];
  return { itemsReceived, itemsAccepted, errors };
}
