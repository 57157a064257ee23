/** The longest wait that `setTimeout` takes: 2³¹ - 1 milliseconds, about 24.8 days. */
export const longestWaitMs = 2 ** 31 - 1;

/**
 * Parses a .NET TimeSpan as in host.json and timer schedules, `[d.]hh:mm:ss[.fffffff]`, and returns
 * milliseconds. Undefined for any other text.
 */
export function parseTimeSpanMs(text: string): number | undefined {
  const match = /^(?:(\d+)\.)?(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,7}))?$/.exec(text.trim());
  if (match === null) return undefined;
  const [days, hours, minutes, seconds] = match.slice(1, 5).map((part) => Number(part ?? 0));
  if (days === undefined || hours === undefined || minutes === undefined || seconds === undefined)
    return undefined;
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const fractionMs = Number(`0.${match[5] ?? '0'}`) * 1000;
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + fractionMs;
}
