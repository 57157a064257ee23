import { HostError, messageOf } from '../errors';
import { nextOccurrence, parseNcrontab } from '../../../src/base/ncrontab';
import { parseTimeSpanMs } from './time-span';

export interface Schedule {
  /**
   * Returns the first time strictly after `after`, or the end of time if there is none, as for February 30.
   */
  next(after: Date): Date;
}

/** .NET's end of time. */
export const endOfTime = new Date('9999-12-31T23:59:59.000Z');

/**
 * Parses a timer's schedule: NCRONTAB with 5 or 6 fields in UTC, or a time span `hh:mm:ss` between runs.
 * @throws HostError HOST_BINDING_INVALID for any other text.
 */
export function parseSchedule(expression: string): Schedule {
  const interval = parseTimeSpanMs(expression);
  if (interval === 0) throw invalid(expression, 'the time span is zero');
  if (interval !== undefined) return { next: (after) => new Date(after.getTime() + interval) };
  const next = cron(expression);
  return { next: (after) => next(after) ?? endOfTime };
}

/**
 * Returns whether a schedule runs more often than every minute. The host keeps no status of such a schedule.
 */
export function isFrequent(schedule: Schedule, now: Date): boolean {
  let previous = schedule.next(now);
  for (let index = 0; index < 5; index += 1) {
    const following = schedule.next(previous);
    if (following >= endOfTime) return false;
    if (following.getTime() - previous.getTime() < 60_000) return true;
    previous = following;
  }
  return false;
}

function cron(expression: string): (after: Date) => Date | undefined {
  try {
    const parsed = parseNcrontab(expression);
    return (after) => nextOccurrence(parsed, after);
  } catch (error) {
    throw invalid(expression, messageOf(error));
  }
}

function invalid(expression: string, problem: string): HostError {
  return new HostError('HOST_BINDING_INVALID', `the schedule "${expression}" is not valid: ${problem}`);
}
