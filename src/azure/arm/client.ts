import type { TokenCredential } from '@azure/core-auth';
import { systemClock, type Clock } from '../../base/clock';
import { ArmError } from '../../base/errors';
import { withTimeout } from '../../base/timeout';
import { withApiVersion, type ApiVersions } from './api-versions';
import type { ArmMethod } from './rbac-action';
import { readBody } from './body';
import { createRateLimiter, type RateLimiter, type Permit } from './rate-limit/rate-limiter';
import { errorFromFailure, errorFromReply } from './errors';
import type { ArmNetwork, NetworkOptions } from './transport';
import { armOriginFrom, assertTrusted } from './origin';
import type { ArmRequest } from './request';
import type { ReplyHeaders } from './retry-after';
import { createTokenSource, type TokenSource } from '../identity/token-source';

export interface ArmOptions extends NetworkOptions {
  /** ARM_ENDPOINT: https, any port; only its origin is used. */
  readonly endpoint: string;
  readonly credential: TokenCredential;
  /**
   * The timeout of one request, in milliseconds: token, headers and body together. Default 25,000; 15,000 at
   * most for a request with a fence, i.e. a write.
   */
  readonly requestTimeoutMs?: number | undefined;
  /** Called with every reply. Must not throw. */
  readonly onReply?: ((info: ReplyInfo) => void) | undefined;
  readonly clock?: Clock | undefined;
  /** The api-versions that replace pinned ones, by provider. Default: none. */
  readonly apiVersions?: ApiVersions | undefined;
  /**
   * The share, from 0 to 0.95, to leave to other clients of the request buckets that all identities share.
   * Default 0.25.
   */
  readonly reserveShare?: number | undefined;
}

export interface ReplyInfo {
  readonly method: ArmMethod;
  /** Without the query: that can carry signatures. */
  readonly path: string;
  readonly httpStatus: number;
  readonly durationMs: number;
  /** ARM's `x-ms-request-id`, for a support case. */
  readonly requestId: string | undefined;
}

/** A reply with a 2xx status. */
export interface ArmReply {
  readonly url: string;
  readonly httpStatus: number;
  readonly headers: ReplyHeaders;
  readonly body: string;
}

/**
 * The HTTP client for ARM; every request, from SDKs too, goes through `send`. It sends only to the configured
 * origin, and gets a token only when the rate limiter admits a request that is not anonymous. A request is
 * sent once, within a bounded time; no redirect is followed and no `Retry-After` waited for. @throws ArmError
 * for anything but a 2xx reply; ARM_THROTTLED also when the rate limiter does not admit the request.
 */
export interface ArmClient {
  readonly origin: string;
  readonly clock: Clock;
  send(request: ArmRequest): Promise<ArmReply>;
  /**
   * Returns the object id, in lower case, under which ARM knows this client; `undefined` before the first request, or if
   * its token is a person's.
   */
  ownObjectId(): string | undefined;
}

const defaultTimeoutMs = 25_000;
/**
 * The timeout of a write, in milliseconds: shorter than a target's lease, which should not outlast a dead
 * process for longer than necessary.
 */
const fencedTimeoutMs = 15_000;

/**
 * Creates the client. @throws PosternError CONFIG_INVALID when the endpoint is not an https URL, or
 * `reserveShare` is out of range.
 */
export function createArmClient(options: ArmOptions): ArmClient {
  const origin = armOriginFrom(options.endpoint);
  const clock = options.clock ?? systemClock;
  const inside: Inside = {
    tokens: createTokenSource(options.credential, `${origin}/.default`, clock),
    network: onFirstUse(options),
    timeoutMs: options.requestTimeoutMs ?? defaultTimeoutMs,
    clock,
    rateLimiter: createRateLimiter({ clock, reserveShare: options.reserveShare }),
    onReply: options.onReply ?? (() => undefined),
  };
  return {
    origin,
    clock,
    ownObjectId: () => inside.tokens.ownObjectId(),
    async send(made) {
      assertTrusted(origin, made.url);
      const request =
        made.isGiven === true ? made : { ...made, url: withApiVersion(made.url, options.apiVersions) };
      const permit = inside.rateLimiter.acquire(request);
      try {
        const fenced = request.fence === undefined ? inside.timeoutMs : fencedTimeoutMs;
        const timeoutMs = Math.min(inside.timeoutMs, fenced);
        return await exchangeWithin(timeoutMs, inside, { request, permit });
      } finally {
        permit.leave();
      }
    },
  };
}

interface Inside {
  readonly tokens: TokenSource;
  readonly network: () => Promise<ArmNetwork>;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly rateLimiter: RateLimiter;
  readonly onReply: (info: ReplyInfo) => void;
}

interface Sending {
  readonly request: ArmRequest;
  readonly permit: Permit;
}

function onFirstUse(options: NetworkOptions): () => Promise<ArmNetwork> {
  let network: Promise<ArmNetwork> | undefined;
  return () => (network ??= import('./transport').then(({ createArmNetwork }) => createArmNetwork(options)));
}

/** Sends the request, whose whole reply must arrive within `timeoutMs`. @throws ArmError, or what the fence throws. */
async function exchangeWithin(timeoutMs: number, inside: Inside, sending: Sending): Promise<ArmReply> {
  try {
    const wait = { clock: inside.clock, ms: timeoutMs, late: undefined };
    const reply = await withTimeout(wait, (signal) => exchange(inside, sending, signal));
    if (reply !== undefined) return reply;
  } catch (error) {
    throw errorFromFailure(error);
  }
  throw new ArmError('ARM_UNREACHABLE', `No whole reply within ${timeoutMs / 1000} s`);
}

async function exchange(
  inside: Inside,
  { request, permit }: Sending,
  abortSignal: AbortSignal,
): Promise<ArmReply> {
  const network = await inside.network();
  const token = request.isAnonymous === true ? undefined : await inside.tokens.token(abortSignal);
  const startedMs = inside.clock.monotonicMs();
  abortSignal.throwIfAborted();
  request.fence?.();
  const response = await network.send(request, token, abortSignal);
  const { status: httpStatus, headers } = response;
  const reply = { url: request.url, httpStatus, headers, body: await readBody(response) };
  permit.learn(reply);
  inside.onReply({
    method: request.method,
    path: new URL(request.url).pathname,
    httpStatus: reply.httpStatus,
    durationMs: inside.clock.monotonicMs() - startedMs,
    requestId: reply.headers.get('x-ms-request-id'),
  });
  return successOnly(inside, request, reply);
}

function successOnly(inside: Inside, request: ArmRequest, reply: ArmReply): ArmReply {
  const { httpStatus } = reply;
  if (httpStatus >= 200 && httpStatus < 300) return reply;
  if (!Number.isInteger(httpStatus) || httpStatus < 300 || httpStatus > 599) {
    throw new ArmError('ARM_UNREADABLE', `The reply has no HTTP status: ${httpStatus}`);
  }
  const error = errorFromReply(reply, request.method, request.url, inside.clock);
  if (error.code === 'ARM_UNAUTHENTICATED' && request.isAnonymous !== true) inside.tokens.forget();
  throw error;
}
