import { isGuid } from '../base/guid';
import { addSeconds } from '../base/clock';
import { CliError } from './cli-host';
import { idOrSame } from './id-argument';

const secondsIn: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/**
 * Returns the instant `age` before `now`. `age` is such as `90m`, `168h` or `7d`; without it,
 * returns `now`.
 * @throws CliError
 */
export function instantBefore(now: Date, age: string | undefined): Date {
  if (age === undefined) return now;
  const [, count = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(age) ?? [];
  const seconds = secondsIn[unit];
  if (seconds === undefined) throw new CliError('--age must be a time such as 90m, 168h or 7d');
  return addSeconds(now, -Number(count) * seconds);
}

/**
 * Parses an instant in ISO 8601; without text, returns `present`.
 * @throws CliError if the text is not an instant.
 */
export function instantFrom(present: Date, text: string | undefined): Date {
  if (text === undefined) return present;
  const instant = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT/.test(text) || Number.isNaN(instant.getTime()))
    throw new CliError('--now must be an instant such as 2026-01-31T00:00:00Z');
  return instant;
}

/**
 * Parses a comma-separated list of subscription ids, or ARM ids of subscriptions, to lower-case
 * ids. Without text, returns an empty list, which means all subscriptions.
 * @throws CliError
 */
export function subscriptionsFrom(text: string | undefined, option = '--subscriptions'): readonly string[] {
  if (text === undefined) return [];
  const ids = text.split(',').map((id) => idOf(id.trim()).toLowerCase());
  if (!ids.every((id) => isGuid(id)))
    throw new CliError(`${option} must be a comma-separated list of subscription ids (GUIDs)`);
  return ids;
}

function idOf(text: string): string {
  const [, id] = /^\/subscriptions\/([^/]+)$/i.exec(idOrSame(text)) ?? [];
  return id ?? text;
}
