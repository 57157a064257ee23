import { describeError, hasCode, isStorageError, isTransient, PosternError } from '../../base/errors';
import type { Logger } from '../../base/logger';
import type { ConsoleRole } from '../api';
import type { Person } from '../sign-in/person';
import type { VerifyToken } from '../sign-in/verify-token';
import type { ServeAsset } from './assets';
import { ConsoleError, type ConsoleReply, type ConsoleRequest, errorReply, jsonReply } from './message';
import { checkOrigin } from './read-json';

/** One route of the API. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** The role that the caller needs; `any`: one of them. */
  readonly role: ConsoleRole | 'any';
  answer(request: ConsoleRequest, person: Person): Promise<ConsoleReply>;
}

/** What `createRouter` needs. */
export interface RouterOptions {
  /** The routes by their path below `console/`, such as `api/me`. */
  readonly routes: ReadonlyMap<string, Route>;
  /** Reply of `api/config`, the only one that needs no token. */
  readonly publicConfig: unknown;
  readonly serveAsset: ServeAsset;
  readonly verifyToken: VerifyToken;
  readonly logger: Logger;
}

/**
 * Creates the handler of all requests to the console. A request for data is answered only after its token
 * was verified and its role checked; until then, neither storage nor ARM is called. Never rejects.
 */
export function createRouter(options: RouterOptions): (request: ConsoleRequest) => Promise<ConsoleReply> {
  return async (request) => {
    try {
      return await answer(options, request);
    } catch (error) {
      return errorReply(asConsoleError(error, options.logger));
    }
  };
}

async function answer(options: RouterOptions, request: ConsoleRequest): Promise<ConsoleReply> {
  if (/^\/console$/i.test(request.url.pathname)) return { status: 308, headers: { location: '/console/' } };
  const path = pathOf(request.url);
  const route = options.routes.get(path);
  const isKnown = route !== undefined || path === 'api/config';
  if (!isKnown && request.method === 'GET') {
    const file = await options.serveAsset(path, request);
    if (file !== undefined) return file;
  }
  if (!isKnown) throw new ConsoleError('NOT_FOUND', 'There is nothing at this address.');
  if (request.method !== (route?.method ?? 'GET'))
    throw new ConsoleError('METHOD_NOT_ALLOWED', 'This address does not take this method.');
  if (route === undefined) return jsonReply(200, options.publicConfig);
  if (route.method === 'POST') checkOrigin(request);
  const person = await options.verifyToken(request.header('authorization'));
  checkRole(person, route.role);
  return route.answer(request, person);
}

/** Returns the path below `console/`; one that nothing has for any other path. */
function pathOf({ pathname }: URL): string {
  const [, path] = /^\/console\/(.*)$/is.exec(pathname) ?? [];
  return path ?? pathname;
}

function checkRole({ roles }: Person, role: Route['role']): void {
  if (role === 'any' ? roles.size > 0 : roles.has(role)) return;
  const wanted = role === 'any' ? 'a role such as Postern.Viewer' : `the role ${role}`;
  throw new ConsoleError('FORBIDDEN', `You need ${wanted}. Ask whoever manages Postern for it.`);
}

/** Converts any failure. What only time can fix is `UNAVAILABLE`; anything unexpected is logged, not shown. */
function asConsoleError(error: unknown, logger: Logger): ConsoleError {
  if (error instanceof ConsoleError) {
    if (error.cause !== undefined) logger.warn(`Console: ${error.message} ${describeError(error.cause)}`);
    return error;
  }
  const isPassing = isStorageError(error) || isTransient(error) || hasCode(error, 'STORE_CONFLICT');
  logger.error(`Console: ${describeError(error)}`);
  if (isPassing && error instanceof PosternError) {
    const retryAfterSeconds = isTransient(error) ? (error.retryAfterSeconds ?? 10) : 10;
    return new ConsoleError('UNAVAILABLE', 'Azure does not answer at present. Try again.', {
      retryAfterSeconds,
    });
  }
  return new ConsoleError('INTERNAL', 'Something failed in the app. Its log says what.');
}
