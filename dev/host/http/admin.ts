import { tryParseJson } from '../binding-data';
import type { HostedFunction } from '../functions';
import { jsonReply, type HostReply, type HostRequest } from './http-reply';
import type { Invoke, Occasion } from '../invoker';
import { keyOf, type HostKeys } from './keys';
import { timerValue } from '../timer/timer-listener';

export interface AdminOptions {
  /** All functions, including disabled ones, which can also be run by hand. */
  readonly all: readonly HostedFunction[];
  readonly keys: HostKeys;
  readonly invoke: Invoke;
  readonly hostId: string;
  readonly version: string;
}

/** Answers `/admin/…` for holders of the master key: the host's status, and runs of a function by hand. */
export function answerAdmin(options: AdminOptions, request: HostRequest): HostReply {
  if (keyOf(request.headers, request.url.searchParams) !== options.keys.master) return { status: 401 };
  const path = request.url.pathname.toLowerCase().replace(/\/+$/, '');
  if (path === '/admin/host/status' && request.method === 'GET') {
    return jsonReply(200, { id: options.hostId, state: 'Running', version: options.version });
  }
  const name = /^\/admin\/functions\/([^/]+)$/.exec(path)?.[1];
  if (name === undefined || request.method !== 'POST') return { status: 404 };
  return runByHand(options, name, request);
}

/** Starts a function and answers at once. The outcome is only in the log. */
function runByHand({ all, invoke }: AdminOptions, name: string, request: HostRequest): HostReply {
  const target = all.find((one) => one.name.toLowerCase() === name);
  if (target === undefined) return { status: 404 };
  const occasion = occasionFor(target, request);
  if (occasion === undefined) return { status: 400 };
  invoke(target, occasion).catch(() => undefined);
  return { status: 202 };
}

/** Reads the body `{"input": "…"}`: the message for a queue function; ignored for a timer. */
function occasionFor(target: HostedFunction, request: HostRequest): Occasion | undefined {
  if (target.trigger.kind === 'timer') return { data: timerValue(null, false) };
  const body = tryParseJson(Buffer.from(request.body).toString('utf8'));
  const input = typeof body === 'object' && body !== null && 'input' in body ? body.input : undefined;
  const isQueue = target.trigger.kind === 'queue';
  return isQueue && typeof input === 'string' ? { data: { string: input } } : undefined;
}
