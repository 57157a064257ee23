import { isGuid } from '../base/guid';
import { addSeconds } from '../base/clock';
import { CliError } from './cli-host';
import { idOrSame } from './id-argument';

const secondsIn: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** The instant that long before `now`: `90m`, `168h`, `7d`. Nothing stated is no time at all. @throws CliError */
export function instantBefore(now: Date, age: string | undefined): Date {
  if (age === undefined) return now;
  const [, count = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(age) ?? [];
  const seconds = secondsIn[unit];
  if (seconds === undefined) throw new CliError('--age takes a time such as 90m, 168h or 7d');
  return addSeconds(now, -Number(count) * seconds);
}

/** @throws CliError unless `text` is an instant; nothing stated is the present. */
export function instantFrom(present: Date, text: string | undefined): Date {
  if (text === undefined) return present;
  const instant = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT/.test(text) || Number.isNaN(instant.getTime()))
    throw new CliError('--now takes an instant such as 2026-01-31T00:00:00Z');
  return instant;
}

/** Subscription ids separated by commas, or ARM ids of subscriptions; nothing stated is none, which stands for all. @throws CliError */
export function subscriptionsFrom(text: string | undefined, option = '--subscriptions'): readonly string[] {
  if (text === undefined) return [];
  const ids = text.split(',').map((id) => idOf(id.trim()).toLowerCase());
  if (!ids.every((id) => isGuid(id)))
    throw new CliError(`${option} takes subscription ids (GUIDs), separated by commas`);
  return ids;
}

function idOf(text: string): string {
  const [, id] = /^\/subscriptions\/([^/]+)$/i.exec(idOrSame(text)) ?? [];
  return id ?? text;
}
