import type { HostedFunction, Trigger } from '../functions';
import type { HostReply, HostRequest } from './http-reply';
import type { Invoke } from '../invoker';
import { keyOf, opensFunction, type HostKeys } from './keys';
import { matchRoute, parseRouteTemplate, type RouteTemplate } from './route-template';
import type { HttpCookie, HttpData, NullableString } from '../worker/rpc';

interface HttpRoute {
  readonly target: HostedFunction;
  readonly trigger: Extract<Trigger, { readonly kind: 'http' }>;
  readonly template: RouteTemplate;
}

/** Answers requests to HTTP functions; undefined if no function has that path and method. */
export type HttpFunctions = (request: HostRequest) => Promise<HostReply | undefined>;

/**
 * Creates the handler of HTTP functions.
 * @throws RangeError for an unsupported route.
 */
export function createHttpFunctions(options: {
  readonly functions: readonly HostedFunction[];
  readonly routePrefix: string;
  readonly keys: HostKeys;
  readonly invoke: Invoke;
}): HttpFunctions {
  const routes = options.functions
    .flatMap((target): HttpRoute[] => {
      const { trigger } = target;
      if (trigger.kind !== 'http') return [];
      return [{ target, trigger, template: parseRouteTemplate(`${options.routePrefix}/${trigger.route}`) }];
    })
    .sort((one, other) => (one.template.precedence < other.template.precedence ? -1 : 1));
  return async (request) => {
    for (const route of routes) {
      const params = matchRoute(route.template, request.url.pathname);
      if (params === undefined || !takesMethod(route, request.method)) continue;
      const wanted = { name: route.target.name, level: route.trigger.authLevel };
      const key = keyOf(request.headers, request.url.searchParams);
      if (!opensFunction(options.keys, wanted, key)) return { status: 401 };
      return invokeRoute(options.invoke, route.target, httpData(request, params));
    }
    return undefined;
  };
}

function takesMethod({ trigger }: HttpRoute, method: string): boolean {
  return trigger.methods.length === 0 || trigger.methods.includes(method);
}

async function invokeRoute(invoke: Invoke, target: HostedFunction, http: HttpData): Promise<HostReply> {
  try {
    const traceParent = http.nullableHeaders?.['traceparent']?.value;
    const response = await invoke(target, { data: { http }, traceParent });
    const { httpOutput } = target;
    const output =
      httpOutput === '$return'
        ? response.returnValue
        : response.outputData?.find(({ name }) => name === httpOutput)?.data;
    return output?.http === undefined ? { status: 204 } : replyFrom(output.http);
  } catch {
    // The invoker has logged the reason; the caller does not get it.
    return { status: 500 };
  }
}

/**
 * Builds the request for the worker: header names in lower case, repeated query values joined by commas, no
 * body without a Content-Length.
 */
function httpData(request: HostRequest, params: Record<string, string>): HttpData {
  const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [
    name.toLowerCase(),
    Array.isArray(value) ? value.join(',') : (value ?? ''),
  ]);
  const names = [...new Set(request.url.searchParams.keys())];
  const query = names.map((name): [string, string] => [
    name,
    request.url.searchParams.getAll(name).join(','),
  ]);
  const hasBody = Number(request.headers['content-length'] ?? 0) > 0;
  return {
    method: request.method,
    url: request.url.href,
    nullableHeaders: nullable(headers),
    nullableQuery: nullable(query),
    nullableParams: nullable(Object.entries(params)),
    ...(hasBody ? { body: { bytes: request.body } } : {}),
  };
}

function nullable(entries: [string, string][]): Record<string, NullableString> {
  return Object.fromEntries(entries.map(([name, value]) => [name, { value }]));
}

function replyFrom(http: HttpData): HostReply {
  const cookies = (http.cookies ?? []).map(setCookie);
  return {
    status: Number(http.statusCode ?? 200),
    headers: { ...http.headers, ...(cookies.length > 0 && { 'set-cookie': cookies }) },
    ...(http.body?.bytes === undefined ? {} : { body: http.body.bytes }),
  };
}

function setCookie(cookie: HttpCookie): string {
  const seconds = cookie.expires?.value?.seconds;
  const sameSite = { lax: 'Lax', strict: 'Strict', explicitNone: 'None', none: undefined }[
    cookie.sameSite ?? 'none'
  ];
  const attributes = [
    `${cookie.name}=${encodeURIComponent(cookie.value)}`,
    cookie.domain?.value === undefined ? '' : `Domain=${cookie.domain.value}`,
    cookie.path?.value === undefined ? '' : `Path=${cookie.path.value}`,
    seconds === undefined ? '' : `Expires=${new Date(Number(seconds) * 1000).toUTCString()}`,
    cookie.maxAge?.value === undefined ? '' : `Max-Age=${cookie.maxAge.value}`,
    cookie.secure?.value === true ? 'Secure' : '',
    cookie.httpOnly?.value === true ? 'HttpOnly' : '',
    sameSite === undefined ? '' : `SameSite=${sameSite}`,
  ];
  return attributes.filter((attribute) => attribute !== '').join('; ');
}
