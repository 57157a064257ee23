import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHttpHeaders, type HttpClient, type PipelineRequest } from '@azure/core-rest-pipeline';

/** A recorded exchange. URLs are absolute, bodies are JSON values. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly requestBody: unknown;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const folder = join(__dirname, '../../data/recordings');
const publicCloud = 'https://management.azure.com';

/** Returns the interactions of a file in `test/data/recordings`, in order. */
export function loadRecording(fileName: string): readonly Exchange[] {
  const file = JSON.parse(readFileSync(join(folder, fileName), 'utf8')) as {
    interactions: RecordedInteraction[];
  };
  const exchanges: Exchange[] = [];
  for (const { request, response } of file.interactions) {
    const before = exchanges.at(-1);
    exchanges.push({
      method: request.method,
      url: urlFrom(request.url, before),
      requestBody: request.body ?? undefined,
      status: response.status,
      headers: response.headers,
      body: bodyFrom(response, before),
    });
  }
  return exchanges;
}

interface RecordedInteraction {
  request: { method: string; url: string; body?: unknown };
  response: { status: number; headers: Record<string, string>; body?: unknown; body_excerpt?: unknown };
}

/** Resolves the abbreviations of the transcribed PowerShell recording. */
function urlFrom(url: string, before: Exchange | undefined): string {
  if (url === '(same as above)') return before?.url ?? '';
  return url.startsWith('/') ? `${publicCloud}${url}` : url;
}

function bodyFrom(
  { body, body_excerpt }: RecordedInteraction['response'],
  before: Exchange | undefined,
): unknown {
  if (typeof body === 'string' && body.startsWith('identical to the PUT')) return before?.body;
  return body ?? body_excerpt;
}

export interface ReplayClient {
  readonly httpClient: HttpClient;
  /** Answered requests, as `METHOD path`. */
  readonly served: readonly string[];
  /** Returns the recorded exchanges that were not requested yet. */
  remaining(): readonly Exchange[];
}

export interface ReplayOptions {
  /** Whether to repeat the last recorded answer, for clients that poll more often. */
  readonly repeatLast?: boolean;
}

/**
 * Plays recorded exchanges to production clients. A request gets the next exchange with the same method and
 * path, compared case-insensitively and without the query. A request that was never recorded fails.
 */
export function createReplayClient(
  recording: readonly Exchange[],
  options: ReplayOptions = {},
): ReplayClient {
  const left = [...recording];
  const last = new Map<string, Exchange>();
  const served: string[] = [];
  return {
    served,
    remaining: () => [...left],
    httpClient: {
      sendRequest(request) {
        const key = keyOf(request.method, request.url);
        const index = left.findIndex(({ method, url }) => keyOf(method, url) === key);
        const exchange =
          index === -1 ? (options.repeatLast && last.get(key)) || undefined : left.splice(index, 1)[0];
        if (exchange === undefined) return Promise.reject(new Error(`never recorded: ${key}`));
        last.set(key, exchange);
        served.push(key);
        return Promise.resolve(responseFrom(request, exchange));
      },
    },
  };
}

/**
 * Returns what identifies a request. Key Vault's operation URL is the connection's own with one more
 * parameter, which therefore counts.
 */
function keyOf(method: string, url: string): string {
  const { pathname, searchParams } = new URL(url);
  return `${method} ${pathname}${searchParams.has('kv-operation') ? '?kv-operation' : ''}`.toLowerCase();
}

function responseFrom(request: PipelineRequest, { status, headers, body }: Exchange) {
  const bodyAsText = body === undefined || body === '' ? '' : JSON.stringify(body);
  return { request, status, headers: createHttpHeaders(headers), bodyAsText };
}
