import type { LocalClock } from '../model/local-clock';

/** ARM's token buckets, one per subscription, principal and kind of operation, and Resource Graph's quota. */
export interface Throttle {
  /** Takes one token if there is one. The headers say how many are left. */
  take(order: { subscriptionId: string; principal: string; method: string }): Taken;
  /** Takes one of Resource Graph's 15 queries per 5 seconds. */
  takeQuery(principal: string): Taken;
}

export interface Taken {
  readonly headers: Readonly<Record<string, string>>;
  readonly exceeded: boolean;
  /** Seconds until one token is available again. */
  readonly waitSeconds: number;
}

export interface RateLimit {
  readonly size: number;
  readonly refillPerSecond: number;
}

export type RateLimits = Readonly<Record<'reads' | 'writes' | 'deletes', RateLimit>>;

/** The documented limits. */
export const armRateLimits: RateLimits = {
  reads: { size: 250, refillPerSecond: 25 },
  writes: { size: 200, refillPerSecond: 10 },
  deletes: { size: 200, refillPerSecond: 10 },
};

/** The factor by which all principals of a subscription together may exceed the limit for one. */
const globalFactor = 15;
const queriesPerWindow = 15;
const windowSeconds = 5;

export interface ThrottleOptions {
  /** False: requests are counted and reported in headers, but never refused. */
  readonly enforced: boolean;
  /** The limits for one principal. */
  readonly limits?: Partial<RateLimits> | undefined;
}

export function createThrottle(clock: LocalClock, { enforced, limits }: ThrottleOptions): Throttle {
  const levels = new Map<string, { level: number; atSeconds: number }>();
  const windows = new Map<string, { endsAt: number; asked: number }>();

  function levelOf(key: string, { size, refillPerSecond }: RateLimit): number {
    const now = clock.seconds();
    const known = levels.get(key) ?? { level: size, atSeconds: now };
    return Math.min(size, known.level + (now - known.atSeconds) * refillPerSecond);
  }

  /** Takes from both buckets. A refused request takes from neither. */
  function take(kind: keyof RateLimits, subscriptionId: string, principal: string): Taken {
    const own = { ...armRateLimits, ...limits }[kind];
    const { size, refillPerSecond } = armRateLimits[kind];
    const all = { size: size * globalFactor, refillPerSecond: refillPerSecond * globalFactor };
    const counted = [
      { header: kind, key: `${subscriptionId} ${principal} ${kind}`, limit: own },
      { header: `global-${kind}`, key: `${subscriptionId} ${kind}`, limit: all },
    ].map((each) => ({ ...each, level: levelOf(each.key, each.limit) }));
    const waits = counted.map(({ level, limit }) => Math.max(0, 1 - level) / limit.refillPerSecond);
    const exceeded = enforced && Math.max(...waits) > 0;
    const left = counted.map(({ header, key, level }): [string, string] => {
      const after = exceeded ? level : Math.max(0, level - 1);
      levels.set(key, { level: after, atSeconds: clock.seconds() });
      return [`x-ms-ratelimit-remaining-subscription-${header}`, String(Math.floor(after))];
    });
    return { headers: Object.fromEntries(left), exceeded, waitSeconds: Math.max(...waits) };
  }

  function takeQuery(principal: string): Taken {
    const now = clock.seconds();
    const known = windows.get(principal);
    const window =
      known !== undefined && now < known.endsAt ? known : { endsAt: now + windowSeconds, asked: 0 };
    const exceeded = enforced && window.asked >= queriesPerWindow;
    if (!exceeded) window.asked += 1;
    windows.set(principal, window);
    const waitSeconds = window.endsAt - now;
    const headers = {
      'x-ms-user-quota-remaining': String(Math.max(0, queriesPerWindow - window.asked)),
      'x-ms-user-quota-resets-after': timeSpan(waitSeconds / clock.speed),
    };
    return { headers, exceeded, waitSeconds };
  }

  return {
    take: ({ subscriptionId, principal, method }) => {
      const kind = method === 'GET' ? 'reads' : method === 'DELETE' ? 'deletes' : 'writes';
      return take(kind, subscriptionId.toLowerCase(), principal);
    },
    takeQuery,
  };
}

/** Formats real seconds as `hh:mm:ss`, rounded up. */
function timeSpan(seconds: number): string {
  return new Date(Math.ceil(seconds) * 1000).toISOString().slice(11, 19);
}
