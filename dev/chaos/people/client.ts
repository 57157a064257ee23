import { setTimeout as sleep } from 'node:timers/promises';
import type { ConsoleConfig } from '../../../src/console/api';
import type { LocalPerson } from '../../console/people';
import { signIn } from './sign-in';

/** A call of the console's API. */
export interface ApiCall {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** Makes it a POST. */
  readonly body?: object | undefined;
}

/** A reply of the console's API. */
export interface ApiReply {
  readonly status: number;
  readonly body: unknown;
}

/** Calls the console's API as a person. Resolves to `undefined` if no reply came, or none but that something is away. */
export type CallApi = (person: LocalPerson, call: ApiCall) => Promise<ApiReply | undefined>;

export interface ClientOrder {
  /** The addresses of the instances, used in turn. */
  readonly urls: readonly string[];
  /** How long a person waits before they try again. */
  readonly pauseMs?: number;
}

/** How often a person tries again. Instances are killed, and are away for some seconds. */
const patience = 12;

/** How long a browser waits for a reply. */
const replyMs = 60_000;

/** Creates the browsers of people who sign in when they must, and who try again when an instance is away. */
export function createClient({ urls, pauseMs = 1_000 }: ClientOrder): CallApi {
  const tokens = new Map<string, Promise<string>>();
  let turn = 0;

  async function once(person: LocalPerson, call: ApiCall): Promise<ApiReply | undefined> {
    turn += 1;
    const base = `${urls[turn % urls.length]}/console/`;
    const token = await (tokens.get(person.oid) ?? newToken(base, person));
    const reply = await send(base, call, token);
    if (reply?.status === 401) tokens.delete(person.oid);
    return reply;
  }

  function newToken(base: string, { oid }: LocalPerson): Promise<string> {
    const token = send(base, { path: 'api/config' }).then((reply) => {
      if (reply?.status !== 200) throw new Away();
      return signIn(reply.body as ConsoleConfig, oid);
    });
    tokens.set(oid, token);
    token.catch(() => tokens.delete(oid));
    return token;
  }

  return async (person, call) => {
    for (let tries = 0; tries < patience; tries += 1) {
      const reply = await once(person, call).catch((error: unknown) => {
        if (!(error instanceof Away)) throw error;
        return undefined;
      });
      if (reply !== undefined && !isPassing(reply)) return reply;
      await sleep(pauseMs * Math.min(3, tries + 1));
    }
    return undefined;
  };
}

/** Returns whether trying again may help. A 500 without a body is the host's, whose worker was killed. */
function isPassing({ status, body }: ApiReply): boolean {
  return [401, 429, 502, 503].includes(status) || (status === 500 && body === undefined);
}

/** No instance has answered yet who signs people in. */
class Away extends Error {}

async function send(base: string, call: ApiCall, token?: string): Promise<ApiReply | undefined> {
  const { path, query = {}, body } = call;
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  if (body !== undefined) headers['content-type'] = 'application/json';
  try {
    const reply = await fetch(`${base}${path}?${new URLSearchParams(query).toString()}`, {
      headers,
      signal: AbortSignal.timeout(replyMs),
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    return { status: reply.status, body: bodyFrom(await reply.text()) };
  } catch (error) {
    // The instance was killed before or while it replied.
    const isCut =
      error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError');
    if (isCut) return undefined;
    throw error;
  }
}

/** Parses a reply. What a host says for an app that is away is no JSON. */
function bodyFrom(text: string): unknown {
  return text.startsWith('{') ? JSON.parse(text) : undefined;
}
