import type { Random } from '../../../azure/model/random';
import type { HttpReply, HttpRequest } from '../../app/functions-sdk';
import type { Scheduler } from '../../kernel/scheduler';
import type { Trace } from '../../kernel/trace';
import type { ConsolePerson } from './people';

/** A reply of the console's API. */
export interface ApiReply {
  readonly status: number;
  readonly body: unknown;
}

export interface ClientParts {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly trace: Trace;
  /** Passes a request to an instance. Resolves to `undefined` if no reply came. */
  readonly ask: (request: HttpRequest) => Promise<HttpReply | undefined>;
  /** Called with what no reply may be: a failure that the app did not expect. */
  readonly onFailure: (what: string) => void;
}

/** A call of the console's API. */
export interface ApiCall {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** Makes it a POST. */
  readonly body?: object | undefined;
}

/** Calls the console's API as a person. Resolves to `undefined` if no reply came. */
export type CallApi = (person: ConsolePerson, call: ApiCall) => Promise<ApiReply | undefined>;

const origin = 'https://postern.example.test';

/** Creates the browsers of a world's people, which are some milliseconds away from the app. */
export function createClient(parts: ClientParts): CallApi {
  const { scheduler, random, trace } = parts;
  const travel = (): Promise<void> =>
    new Promise((resolve) => void scheduler.at(random.between(5, 80), resolve));
  return async (person, call) => {
    await travel();
    const reply = await parts.ask(requestOf(person, call));
    await travel();
    if (reply === undefined) return undefined;
    const body = bodyOf(reply);
    if (reply.status === 500)
      parts.onFailure(`the console answers ${call.path} with ${JSON.stringify(body)}`);
    if (call.body !== undefined) trace.note(person.name, `${call.path}: ${reply.status} ${codeOf(body)}`);
    return { status: reply.status, body };
  };
}

function requestOf(person: ConsolePerson, { path, query = {}, body }: ApiCall): HttpRequest {
  const headers = new Map([['authorization', tokenOf(person)]]);
  if (body !== undefined) headers.set('content-type', 'application/json');
  const bytes = Buffer.from(JSON.stringify(body ?? {}));
  return {
    method: body === undefined ? 'GET' : 'POST',
    url: `${origin}/console/${path}?${new URLSearchParams(query).toString()}`,
    headers: { get: (name) => headers.get(name.toLowerCase()) ?? null },
    arrayBuffer: () => Promise.resolve(bytes),
  };
}

/** Returns the proven identity that stands in for a signed token in worlds; see ../../app/verify-token.ts. */
function tokenOf(person: ConsolePerson): string {
  return `Proven ${JSON.stringify(person)}`;
}

function bodyOf({ body }: HttpReply): unknown {
  return body === undefined ? undefined : (JSON.parse(Buffer.from(body).toString('utf8')) as unknown);
}

function codeOf(body: unknown): string {
  const { code = '', message = '' } = (body ?? {}) as { readonly code?: string; readonly message?: string };
  return `${code} ${message}`.trim();
}
