import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import type { EventGridPublisherClient } from '@azure/eventgrid';
import type { Clock } from '../../base/clock';
import { ArmError } from '../../base/errors';
import { withTimeout } from '../../base/timeout';
import type { OutcomeEvent } from '../../outcomes/outcome-event';
import type { OutcomeTopic, Publication } from '../../outcomes/outcome-topic';
import { readArmError } from '../arm/refusal/error-body';
import { isTrusted } from '../arm/origin';
import { retryAfterSecondsFrom } from '../arm/retry-after';
import { unsignedCredential } from '../arm/connections/sdk-call';
import { describeFailure } from '../storage/errors';
import { createTokenSource, type TokenSource } from '../identity/token-source';
import { userAgent } from '../arm/user-agent';

export interface EventGridTopicOptions {
  /** The origin of the topic, e.g. `https://outcomes.westeurope-1.eventgrid.azure.net`: the only one that gets the token. */
  readonly origin: string;
  readonly credential: TokenCredential;
  /** The timeout of one batch, in milliseconds: token, request and reply together. Default 5,000. */
  readonly timeoutMs?: number | undefined;
  readonly clock: Clock;
  /** Certificate authorities (PEM) to trust instead of the usual ones, e.g. of a proxy. */
  readonly certificateAuthorities?: string | undefined;
  /** Carries requests to the network; a scripted one in tests. */
  readonly httpClient?: HttpClient | undefined;
}

/** The scope of tokens, the same in every Azure cloud; `@azure/eventgrid` has it built in, too. */
const scope = 'https://eventgrid.azure.net/.default';
const defaultTimeoutMs = 5_000;

interface Inside {
  readonly origin: string;
  readonly tokens: TokenSource;
  readonly clock: Clock;
  readonly carrier: () => Promise<HttpClient>;
  readonly client: (httpClient: HttpClient) => Promise<EventGridPublisherClient<'CloudEvent'>>;
}

/**
 * Creates the port to a custom topic of Event Grid that takes CloudEvents. Nothing is loaded or sent before
 * the first event. The SDK builds the request; it is sent once, to this origin only, with our token; the
 * result depends on the reply alone. Needs the role *EventGrid Data Sender* on the topic.
 */
export function createEventGridTopic(options: EventGridTopicOptions): OutcomeTopic {
  const { origin, certificateAuthorities, clock } = options;
  const inside: Inside = {
    origin,
    clock,
    tokens: createTokenSource(options.credential, scope, clock),
    carrier: carrierFrom(options.httpClient),
    client: async (httpClient) => {
      const { EventGridPublisherClient } = await import('@azure/eventgrid');
      return new EventGridPublisherClient(`${origin}/api/events`, 'CloudEvent', unsignedCredential, {
        httpClient,
        retryOptions: { maxRetries: 0 },
        redirectOptions: { maxRetries: 0 },
        userAgentOptions: { userAgentPrefix: userAgent },
        ...(certificateAuthorities === undefined ? {} : { tlsOptions: { ca: certificateAuthorities } }),
      });
    },
  };
  const ms = options.timeoutMs ?? defaultTimeoutMs;
  const late: Publication = { kind: 'away', problem: `no answer within ${ms / 1000} s` };
  return {
    publish: (events) => withTimeout({ clock, ms, late }, (signal) => publish(inside, events, signal)),
  };
}

function carrierFrom(given: HttpClient | undefined): () => Promise<HttpClient> {
  let carrier: Promise<HttpClient> | undefined;
  return () => (carrier ??= given === undefined ? defaultCarrier() : Promise.resolve(given));
}

async function defaultCarrier(): Promise<HttpClient> {
  const { createDefaultHttpClient } = await import('@azure/core-rest-pipeline');
  return createDefaultHttpClient();
}

/** Publishes one batch. Never rejects. */
async function publish(
  inside: Inside,
  events: readonly OutcomeEvent[],
  abortSignal: AbortSignal,
): Promise<Publication> {
  let answer: PipelineResponse | undefined;
  const httpClient: HttpClient = {
    async sendRequest(request) {
      const carrier = await inside.carrier();
      await sign(inside, request, abortSignal);
      answer = await carrier.sendRequest(request);
      return answer;
    },
  };
  try {
    const client = await inside.client(httpClient);
    await client.send(events.map(cloudEventFrom), { abortSignal });
  } catch (error) {
    if (answer === undefined) return failureFrom(error);
  }
  return answer === undefined
    ? { kind: 'refused', problem: 'the SDK sent nothing', httpStatus: undefined }
    : publicationFrom(inside, answer);
}

function cloudEventFrom({ id, type, source, subject, time, data }: OutcomeEvent) {
  return { id, type, source, subject, time: new Date(time), data, datacontenttype: 'application/json' };
}

async function sign(
  { origin, tokens }: Inside,
  request: PipelineRequest,
  signal: AbortSignal,
): Promise<void> {
  if (!isTrusted(origin, request.url))
    throw new ArmError('ARM_UNTRUSTED_URL', `events go to ${origin} and nowhere else`);
  request.headers.set('authorization', `Bearer ${await tokens.token(signal)}`);
}

function publicationFrom(
  { tokens, clock }: Inside,
  { status, headers, bodyAsText }: PipelineResponse,
): Publication {
  if (status >= 200 && status < 300) return { kind: 'taken' };
  if (status === 401) tokens.forget();
  const { code = '', message, cause = '' } = readArmError(bodyAsText ?? '');
  const problem = `HTTP ${status} ${code} ${cause} ${message}`.replace(/ +/g, ' ').trimEnd();
  const isAway = status >= 500 || status === 401 || status === 408 || status === 429;
  if (!isAway) return { kind: 'refused', problem, httpStatus: status };
  return { kind: 'away', problem, retryAfterSeconds: retryAfterSecondsFrom(headers, clock) };
}

/** Describes a failure without a reply. Only events that can never be sent are refused for good. */
function failureFrom(error: unknown): Publication {
  if (!(error instanceof ArmError)) return { kind: 'away', problem: describeFailure(error) };
  const { message: problem } = error;
  return error.code === 'ARM_UNTRUSTED_URL'
    ? { kind: 'refused', problem, httpStatus: undefined }
    : { kind: 'away', problem };
}
