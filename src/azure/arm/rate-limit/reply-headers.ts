import { type ReplyHeaders, timeSpanSeconds } from '../retry-after';
import type { ArmScope } from './limits';

/** The remaining requests that one reply states. A header that is not as documented counts as absent. */
export interface Readings {
  /** Remaining in the identity's own bucket. */
  readonly own: number | undefined;
  /** Remaining in the bucket that all identities share. */
  readonly global: number | undefined;
  /** Remaining in the counters of the resource provider. */
  readonly counters: readonly CounterReading[];
  /** The seconds until Resource Graph's quota, now used up, is available again. */
  readonly quotaBackInSeconds: number | undefined;
}

export interface CounterReading {
  /** E.g. `microsoft.compute/highcostdiskaccess3min`. */
  readonly name: string;
  readonly left: number;
  /** The time in which the counter refills. */
  readonly windowSeconds: number;
}

/** Reads the remaining requests from the headers of a reply. */
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

/** The hourly counters of resource providers; ARM's own refusals of them name an hour. */
const hourlyCounters = ['resource-requests', 'resource-entities-read'];

const longestHeader = 2_000;
const maxCounters = 8;
const counterPattern = /^([\w./-]{1,100});(\d{1,7})$/;
const windowPattern = /(\d{1,2})min$/;

/** Parses `name;count` pairs, separated by commas; the name ends with its window: `…3Min`, `…30Min`. */
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

/**
 * Returns the seconds until the quota of 15 queries in 5 seconds is available again. It is one identity's
 * own, so that nothing of it need be left to others.
 */
function quotaBackInSeconds(headers: ReplyHeaders): number | undefined {
  if (count(headers.get('x-ms-user-quota-remaining')) !== 0) return undefined;
  const seconds = timeSpanSeconds(headers.get('x-ms-user-quota-resets-after'));
  return seconds === undefined ? undefined : Math.min(longestQuotaSeconds, seconds);
}

const countPattern = /^\d{1,7}$/;

function count(text: string | undefined): number | undefined {
  return text !== undefined && countPattern.test(text.trim()) ? Number(text) : undefined;
}
