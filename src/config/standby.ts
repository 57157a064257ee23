import * as z from '../base/schema/schema';
import { setting } from './optional-text';

const shortestSeconds = 15 * 60;
const longestSeconds = 12 * 60 * 60;

const standbyAfter = setting((text, context) => {
  if (text === undefined) return undefined;
  const seconds = secondsOf(text);
  if (seconds !== undefined && seconds >= shortestSeconds && seconds <= longestSeconds) return seconds;
  return z.refuse(
    context,
    'must be an ISO 8601 duration from PT15M to PT12H, e.g. PT1H, or be left out if no other deployment answers first',
  );
});

/**
 * The settings of a standby. At most twelve hours: what people answer is void after a day, and must not be before the
 * standby may act.
 */
export const standbySettings = { STANDBY_AFTER: standbyAfter };

const form = /^P(?:(\d{1,2})D)?(?:T(?=\d)(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:(\d{1,6})S)?)?$/;

/** Parses an ISO 8601 duration of whole days, hours, minutes and seconds; `undefined` for any other text. */
function secondsOf(text: string): number | undefined {
  const parts = form.exec(text)?.slice(1);
  if (parts?.some((part) => part !== undefined) !== true) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.map((part) => Number(part ?? 0));
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}
