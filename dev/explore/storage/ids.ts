/** Ids and time stamps that a simulated account gives out. All of them differ. */
export interface Ids {
  /** Returns an id in the form of a UUID. Ids are in no order. */
  uuid(): string;
  /** Returns a time stamp with seven decimals, later than all before, e.g. `2026-01-05T12:00:00.0000000Z`. */
  timestamp(): string;
}

const stampsInMs = 10_000;

/** Creates ids from a clock (milliseconds) and a source of chance (0 included, 1 excluded). */
export function createIds(now: () => number, random: () => number): Ids {
  let given = 0;
  let stampMs = Number.NEGATIVE_INFINITY;
  let stampsGiven = 0;
  let stampPrefix = '';
  const moveTo = (ms: number): void => {
    stampMs = ms;
    stampsGiven = 0;
    stampPrefix = new Date(ms).toISOString().slice(0, -1);
  };
  return {
    uuid() {
      given += 1;
      const chance = Math.floor(random() * 2 ** 32);
      return `${hex(chance, 8)}-0000-4000-8000-${hex(given, 12)}`;
    },
    timestamp() {
      const ms = Math.floor(now());
      if (ms > stampMs) moveTo(ms);
      else if (stampsGiven === stampsInMs) moveTo(stampMs + 1);
      stampsGiven += 1;
      return `${stampPrefix}${String(stampsGiven - 1).padStart(4, '0')}Z`;
    },
  };
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
