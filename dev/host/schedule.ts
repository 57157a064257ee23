import { HostError, messageOf } from './errors';
import { nextOccurrence, parseNcrontab } from '../../src/ncrontab';
import { parseTimeSpanMs } from './time-span';

export interface Schedule {
  /** The first time strictly after `after`. */
  next(after: Date): Date;
}

/**
 * A timer's schedule: NCRONTAB with 5 or 6 fields in UTC, or a time span `hh:mm:ss` between runs. Throws
 * HOST_BINDING_INVALID when it is neither, or never comes.
 */
export function parseSchedule(expression: string, now: Date): Schedule {
  const interval = parseTimeSpanMs(expression);
  if (interval === 0) throw invalid(expression, 'the time span is zero');
  if (interval !== undefined) return { next: (after) => new Date(after.getTime() + interval) };
  const next = cron(expression);
  const occurrence = (after: Date): Date => {
    const found = next(after);
    if (found === undefined) throw invalid(expression, 'it never comes');
    return found;
  };
  occurrence(now);
  return { next: occurrence };
}

/** Whether it comes more often than each minute; the host keeps no status of such a schedule. */
export function isFrequent(schedule: Schedule, now: Date): boolean {
  let previous = schedule.next(now);
  for (let index = 0; index < 5; index += 1) {
    const following = schedule.next(previous);
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
