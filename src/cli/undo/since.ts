import { addSeconds } from '../../base/clock';
import { parseTimeSpan, timeSpanProblem } from '../../policy/file/time-span';
import { CliError } from '../cli-host';

/**
 * Parses `--since`: a time before now, such as `2h` or `7d`, or an instant in ISO 8601 with its zone, such as
 * `2026-01-31T00:00:00Z`.
 * @throws CliError with what to write
 */
export function sinceFrom(now: Date, text: string): Date {
  const wanted = text.trim();
  const since = /^\d{4}-/.test(wanted) ? instantOf(wanted) : addSeconds(now, -secondsOf(wanted));
  if (Number.isNaN(since.getTime())) throw new CliError('--since is too long ago');
  if (since > now) throw new CliError(`--since ${since.toISOString()} is in the future`);
  return since;
}

function secondsOf(text: string): number {
  const seconds = parseTimeSpan(text);
  if (seconds === undefined)
    throw new CliError(`--since: ${timeSpanProblem(text)}; or an instant such as 2026-01-31T00:00:00Z`);
  if (seconds === 0) throw new CliError('--since 0 is nothing: write how far to look back, such as 2h or 7d');
  return seconds;
}

function instantOf(text: string): Date {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const instant = new Date(isDay ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(instant.getTime()) || (isDay && !instant.toISOString().startsWith(text)))
    throw new CliError(
      `--since ${JSON.stringify(text.slice(0, 40))} is no instant: write it like 2026-01-31T00:00:00Z`,
    );
  if (!isDay && !/(?:Z|[+-]\d\d:?\d\d)$/i.test(text))
    throw new CliError(
      `--since ${text.slice(0, 40)} has no time zone: end it with Z for UTC, or with an offset such as +01:00`,
    );
  return instant;
}
