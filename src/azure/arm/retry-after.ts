import type { Clock } from '../../base/clock';

/** Reads one header, whatever its casing. */
export interface ReplyHeaders {
  get(name: string): string | undefined;
}

/**
 * The longest wait that a reply can cause, in seconds: ARM's own limits refill within an hour, and a single
 * header must not stop Postern for longer.
 */
export const longestRetryAfterSeconds = 3_600;

/**
 * Returns the seconds that a reply asks to wait: `Retry-After` in seconds or as a date, its two variants in
 * milliseconds, or Resource Graph's quota header. Rounded up, at most an hour; `undefined` when there is none
 * that can be parsed.
 */
export function retryAfterSecondsFrom(headers: ReplyHeaders, clock: Clock): number | undefined {
  const seconds =
    milliseconds(headers.get('retry-after-ms')) ??
    milliseconds(headers.get('x-ms-retry-after-ms')) ??
    secondsOrDate(headers.get('retry-after'), clock) ??
    timeSpanSeconds(headers.get('x-ms-user-quota-resets-after'));
  return seconds === undefined
    ? undefined
    : Math.min(longestRetryAfterSeconds, Math.max(0, Math.ceil(seconds)));
}

const numberPattern = /^\d{1,12}(?:\.\d{1,6})?$/;

function milliseconds(text: string | undefined): number | undefined {
  return text !== undefined && numberPattern.test(text.trim()) ? Number(text) / 1000 : undefined;
}

function secondsOrDate(text: string | undefined, clock: Clock): number | undefined {
  if (text === undefined) return undefined;
  if (numberPattern.test(text.trim())) return Number(text);
  if (!/[a-z]/i.test(text)) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : (instant - clock.now().getTime()) / 1000;
}

/** Returns the seconds of `hh:mm:ss`; `undefined` for anything else. */
export function timeSpanSeconds(text: string | undefined): number | undefined {
  const match = /^([01]?\d|2[0-3]):([0-5]\d):([0-5]\d)$/.exec(text?.trim() ?? '');
  if (match === null) return undefined;
  return Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]);
}
