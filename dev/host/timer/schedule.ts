import { HostError, messageOf } from '../errors';
import { nextOccurrence, parseNcrontab } from '../../../src/base/ncrontab';
import { parseTimeSpanMs } from './time-span';

export interface Schedule {
  /** The first time strictly after `after`; the end of time when there is none, as on 30 February. */
  next(after: Date): Date;
}

/** What .NET takes for the end of time. */
export const endOfTime = new Date('9999-12-31T23:59:59.000Z');

/**
 * A timer's schedule: NCRONTAB with 5 or 6 fields in UTC, or a time span `hh:mm:ss` between runs. Throws
 * HOST_BINDING_INVALID when it is neither.
 */
export function parseSchedule(expression: string): Schedule {
  const interval = parseTimeSpanMs(expression);
  if (interval === 0) throw invalid(expression, 'the time span is zero');
  if (interval !== undefined) return { next: (after) => new Date(after.getTime() + interval) };
  const next = cron(expression);
  return { next: (after) => next(after) ?? endOfTime };
}

/** Whether it comes more often than each minute; the host keeps no status of such a schedule. */
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
