import { answerAdmin, type AdminOptions } from './admin';
import { HostError, messageOf } from '../errors';
import type { HostedFunction } from '../functions';
import { answerEventGrid } from './event-grid-webhook';
import { textReply, type HostReply, type HostRequest } from './http-reply';
import { createHttpFunctions, type HttpFunctions } from './http-trigger';

export interface AnswerOptions extends AdminOptions {
  /** The functions that are not disabled. */
  readonly functions: readonly HostedFunction[];
  readonly routePrefix: string;
}

/**
 * Creates the handler of all requests to the host's port.
 * @throws HostError HOST_BINDING_INVALID for an unsupported route.
 */
export function createAnswer(options: AnswerOptions): (request: HostRequest) => Promise<HostReply> {
  const httpFunctions = httpFunctionsOf(options);
  return async (request) => {
    const path = request.url.pathname.toLowerCase();
    if (/^\/runtime\/webhooks\/eventgrid\/?$/.test(path)) return answerEventGrid(options, request);
    if (path === '/admin' || path.startsWith('/admin/')) return answerAdmin(options, request);
    const reply = await httpFunctions(request);
    if (reply !== undefined) return reply;
    return path === '/' ? textReply(200, 'Your Functions app is up and running.') : { status: 404 };
  };
}

function httpFunctionsOf(options: AnswerOptions): HttpFunctions {
  try {
    return createHttpFunctions(options);
  } catch (error) {
    throw new HostError('HOST_BINDING_INVALID', messageOf(error), { cause: error });
  }
}
