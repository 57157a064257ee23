import type { LocalClock } from '../model/local-clock';
import { objectOf, parseJson, textOf } from '../http/message';
import type { Random } from '../model/random';
import type { LocalEvent } from './event-payloads';
import { deliveryOf, validationOf, type EventSchema } from './event-schema';
import { isFinal, retryDelaySeconds, isSuccess } from './retry-schedule';

export interface Subscription {
  /** The full URL of the webhook, including its key. */
  readonly url: string;
  readonly schema?: EventSchema | undefined;
  /** Event types to deliver. Absent: all. */
  readonly eventTypes?: readonly string[] | undefined;
}

/** Faults in the delivery of events, drawn from the seed. */
export interface Disturbance {
  /** A probability from 0 to 1. */
  readonly dropProbability?: number | undefined;
  readonly duplicateProbability?: number | undefined;
  /** The range of each event's delay; a wide range reorders events. Default: 0.5 to 2. */
  readonly delaySeconds?: readonly [low: number, high: number] | undefined;
}

export interface DeliveryRecord {
  readonly eventId: string;
  readonly eventType: string;
  readonly url: string;
  /** 2 if a disturbance doubled the event. */
  copies: number;
  attempts: number;
  /** `waiting`: before the next attempt. `dropped`: by a disturbance, by age or by a final refusal. */
  state: 'waiting' | 'delivered' | 'dropped';
  lastStatus: number | undefined;
}

/** Posts to a webhook. Rejects if there is no response. */
export type SendEvent = (
  url: string,
  init: SendInit,
) => Promise<{ readonly status: number; readonly body: string }>;

export interface SendInit {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly signal: AbortSignal;
}

export interface EventGridParts {
  readonly clock: LocalClock;
  readonly random: Random;
  readonly send?: SendEvent | undefined;
  readonly disturbance?: Disturbance | undefined;
  /** Returns a signal that ends a request without an answer. Default: after 30 real seconds. */
  readonly answerTimeout?: (() => AbortSignal) | undefined;
}

interface ActiveSubscription extends Subscription {
  readonly schema: EventSchema;
  validated: boolean;
  readonly waiting: (() => void)[];
}

const handshakeRetrySeconds = 5;
const answerTimeoutMs = 30_000;

/** Delivers events to webhooks at least once, in no particular order, with Event Grid's retries. */
export class EventGrid {
  /** All published events, oldest first. */
  readonly published: LocalEvent[] = [];
  readonly deliveries: DeliveryRecord[] = [];
  readonly #parts: EventGridParts & { readonly send: SendEvent };
  readonly #subscriptions: ActiveSubscription[] = [];
  readonly #closing = new AbortController();
  readonly #underway = new Set<Promise<void>>();
  #disturbance: Disturbance;

  constructor(parts: EventGridParts) {
    this.#parts = { ...parts, send: parts.send ?? sendByFetch };
    this.#disturbance = parts.disturbance ?? {};
  }

  /** Delivers events to `url` from now on, once it has answered the handshake. */
  subscribe(wanted: Subscription): void {
    const schema = wanted.schema ?? 'EventGridSchema';
    const subscription = { ...wanted, schema, validated: false, waiting: [] };
    this.#subscriptions.push(subscription);
    this.#start(this.#validate(subscription));
  }

  publish(event: LocalEvent): void {
    this.published.push(event);
    for (const each of this.#subscriptions) {
      if (each.eventTypes?.includes(event.eventType) !== false) this.#dispatch(each, event);
    }
  }

  /** Applies to events published from now on. */
  disturb(disturbance: Disturbance): void {
    this.#disturbance = disturbance;
  }

  /** Resolves when all requests have ended; waiting events are dropped. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#underway);
  }

  async #validate(subscription: ActiveSubscription): Promise<void> {
    const { clock, random } = this.#parts;
    const { url, schema } = subscription;
    const handshake = validationOf({ schema, code: random.guid(), id: random.guid(), now: clock.now() });
    const reply = await this.#send(url, handshake);
    const echoed = textOf(objectOf(parseJson(reply?.body ?? ''))?.['validationResponse']);
    if (this.#closing.signal.aborted) return;
    subscription.validated =
      isSuccess(reply?.status) && (handshake.method === 'OPTIONS' || echoed === handshake.code);
    if (subscription.validated) for (const deliver of subscription.waiting.splice(0)) deliver();
    else clock.schedule(handshakeRetrySeconds, () => this.#start(this.#validate(subscription)));
  }

  #dispatch(subscription: ActiveSubscription, event: LocalEvent): void {
    const { clock, random } = this.#parts;
    const { dropProbability = 0, duplicateProbability = 0, delaySeconds = [0.5, 2] } = this.#disturbance;
    const record: DeliveryRecord = {
      eventId: event.id,
      eventType: event.eventType,
      url: subscription.url,
      copies: 1,
      attempts: 0,
      state: random.next() < dropProbability ? 'dropped' : 'waiting',
      lastStatus: undefined,
    };
    this.deliveries.push(record);
    if (record.state === 'dropped') return;
    const bornAtSeconds = clock.seconds();
    const deliver = (): void => this.#start(this.#attempt({ subscription, event, record, bornAtSeconds }));
    record.copies = random.next() < duplicateProbability ? 2 : 1;
    for (let copy = 0; copy < record.copies; copy += 1) {
      clock.schedule(random.between(...delaySeconds), () =>
        subscription.validated ? deliver() : void subscription.waiting.push(deliver),
      );
    }
  }

  async #attempt(delivery: {
    subscription: ActiveSubscription;
    event: LocalEvent;
    record: DeliveryRecord;
    bornAtSeconds: number;
  }): Promise<void> {
    const { clock } = this.#parts;
    const { subscription, event, record, bornAtSeconds } = delivery;
    record.attempts += 1;
    const { contentType, body } = deliveryOf(event, subscription.schema);
    const headers = {
      'content-type': contentType,
      'aeg-event-type': 'Notification',
      'aeg-delivery-count': String(record.attempts - 1),
    };
    const reply = await this.#send(subscription.url, { method: 'POST', headers, body });
    record.lastStatus = reply?.status;
    if (isSuccess(reply?.status)) {
      record.state = 'delivered';
      return;
    }
    const delaySeconds = retryDelaySeconds(record.attempts, reply?.status);
    const ageSeconds = clock.seconds() - bornAtSeconds + delaySeconds;
    if (
      this.#closing.signal.aborted ||
      isFinal({ status: reply?.status, attempts: record.attempts, ageSeconds })
    ) {
      // A copy may have been delivered meanwhile.
      if (record.state === 'waiting') record.state = 'dropped';
      return;
    }
    clock.schedule(delaySeconds, () => this.#start(this.#attempt(delivery)));
  }

  /** Posts to a webhook; `undefined` if there was no response in time. */
  async #send(
    url: string,
    init: Omit<SendInit, 'signal'>,
  ): Promise<{ status: number; body: string } | undefined> {
    const { answerTimeout = () => AbortSignal.timeout(answerTimeoutMs) } = this.#parts;
    const signal = AbortSignal.any([this.#closing.signal, answerTimeout()]);
    const { method, headers, body } = init;
    try {
      return await this.#parts.send(url, { method, headers, body, signal });
    } catch {
      return undefined;
    }
  }

  #start(work: Promise<void>): void {
    const tracked = work.finally(() => this.#underway.delete(tracked));
    this.#underway.add(tracked);
  }
}

const sendByFetch: SendEvent = async (url, { method, headers, body, signal }) => {
  const reply = await fetch(url, { method, headers, signal, ...(body === undefined ? {} : { body }) });
  return { status: reply.status, body: await reply.text() };
};
