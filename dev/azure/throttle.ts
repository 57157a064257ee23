import type { LocalClock } from './local-clock';

/** ARM's token buckets: one for each subscription, principal and kind of operation. */
export interface Throttle {
  /** Takes one token. The headers tell what is left. */
  take(order: { subscriptionId: string; principal: string; method: string }): {
    readonly headers: Readonly<Record<string, string>>;
    readonly exceeded: boolean;
    /** Until one token is there again. */
    readonly waitSeconds: number;
  };
}

const buckets = {
  reads: { size: 250, refillPerSecond: 25 },
  writes: { size: 200, refillPerSecond: 10 },
  deletes: { size: 200, refillPerSecond: 10 },
};

/** All principals of a subscription together may do this many times as much. */
const globalFactor = 15;

/** `enforced: false` counts and tells, but refuses nobody. */
export function createThrottle(clock: LocalClock, { enforced }: { enforced: boolean }): Throttle {
  const levels = new Map<string, { level: number; atSeconds: number }>();

  function spend(key: string, size: number, refillPerSecond: number): number {
    const now = clock.seconds();
    const known = levels.get(key) ?? { level: size, atSeconds: now };
    const level = Math.min(size, known.level + (now - known.atSeconds) * refillPerSecond) - 1;
    levels.set(key, { level: Math.max(level, enforced ? 0 : -Infinity), atSeconds: now });
    return level;
  }

  return {
    take: ({ subscriptionId, principal, method }) => {
      const kind = method === 'GET' ? 'reads' : method === 'DELETE' ? 'deletes' : 'writes';
      const { size, refillPerSecond } = buckets[kind];
      const own = spend(`${subscriptionId} ${principal} ${kind}`, size, refillPerSecond);
      const all = spend(`${subscriptionId} ${kind}`, size * globalFactor, refillPerSecond * globalFactor);
      const left = (level: number): string => String(Math.max(0, Math.floor(level)));
      return {
        headers: {
          [`x-ms-ratelimit-remaining-subscription-${kind}`]: left(own),
          [`x-ms-ratelimit-remaining-subscription-global-${kind}`]: left(all),
        },
        exceeded: enforced && own < 0,
        waitSeconds: 1 / refillPerSecond,
      };
    },
  };
}
