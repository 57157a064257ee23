import { type ReplyHeaders, timeSpanSeconds } from '../retry-after';
import type { ArmScope } from './limits';

/** What one reply tells of what is left. A header that is not as documented is taken as absent. */
export interface Readings {
  /** Of the identity's own bucket. */
  readonly own: number | undefined;
  /** Of the bucket that all identities share. */
  readonly global: number | undefined;
  /** Of what the resource provider counts itself. */
  readonly counters: readonly CounterReading[];
  /** Resource Graph's quota is used up, and is there again after this many seconds. */
  readonly quotaBackInSeconds: number | undefined;
}

export interface CounterReading {
  /** E.g. `microsoft.compute/highcostdiskaccess3min`. */
  readonly name: string;
  readonly left: number;
  /** How long it takes to be whole again. */
  readonly windowSeconds: number;
}

export function readingsFrom(headers: ReplyHeaders, { subscriptionId, operationClass }: ArmScope): Readings {
  const scope = subscriptionId === undefined ? 'tenant' : 'subscription';
  const left = (name: string): number | undefined => count(headers.get(`x-ms-ratelimit-remaining-${name}`));
  return {
    own: left(`${scope}-${operationClass}`),
    global: left(`${scope}-global-${operationClass}`),
    counters: [
      ...hourlyCounters.flatMap((suffix) => {
        const name = `${scope}-${suffix}`;
        const value = left(name);
        return value === undefined ? [] : [{ name, left: value, windowSeconds: 3600 }];
      }),
      ...providerCounters(headers.get('x-ms-ratelimit-remaining-resource')),
    ],
    quotaBackInSeconds: quotaBackInSeconds(headers),
  };
}

/** Overrides by a resource provider; ARM's own refusals of them speak of an hour. */
const hourlyCounters = ['resource-requests', 'resource-entities-read'];

const longestHeader = 2_000;
const maxCounters = 8;
const counterPattern = /^([\w./-]{1,100});(\d{1,7})$/;
const windowPattern = /(\d{1,2})min$/;

/** `name;count` pairs, separated by commas; the name ends with its window: `…3Min`, `…30Min`. */
function providerCounters(text: string | undefined): readonly CounterReading[] {
  if (text === undefined || text.length > longestHeader) return [];
  const readings = text.split(',').map((pair): CounterReading | undefined => {
    const [, name, left] = counterPattern.exec(pair.trim()) ?? [];
    const minutes = Number(windowPattern.exec(name?.toLowerCase() ?? '')?.[1] ?? 0);
    if (name === undefined || minutes < 1 || minutes > 60) return undefined;
    return { name: name.toLowerCase(), left: Number(left), windowSeconds: minutes * 60 };
  });
  return readings.filter((reading) => reading !== undefined).slice(0, maxCounters);
}

const longestQuotaSeconds = 3600;

/** 15 queries in 5 seconds are one identity's own: nothing of them need be left to others. */
function quotaBackInSeconds(headers: ReplyHeaders): number | undefined {
  if (count(headers.get('x-ms-user-quota-remaining')) !== 0) return undefined;
  const seconds = timeSpanSeconds(headers.get('x-ms-user-quota-resets-after'));
  return seconds === undefined ? undefined : Math.min(longestQuotaSeconds, seconds);
}

const countPattern = /^\d{1,7}$/;

function count(text: string | undefined): number | undefined {
  return text !== undefined && countPattern.test(text.trim()) ? Number(text) : undefined;
}
