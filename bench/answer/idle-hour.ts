import { setTimeout as sleep } from 'node:timers/promises';
import { nextOccurrence, parseNcrontab } from '../../src/base/ncrontab';
import { defaultSweepSchedule } from '../../src/config/registration';
import type { AppBuild } from '../system/app-build';
import { startMeteredSystem, type MeteredSystem } from '../system/metered-system';

export interface IdleOrder {
  readonly root: string;
  readonly app: AppBuild;
  /** How long to count. */
  readonly minutes: number;
}

/** Storage operations of an hour in which nothing is requested. */
export interface IdleHour {
  /** The host's reads of queues, the status of timers, and the policy, which is looked at every minute. */
  readonly everyMinute: number;
  readonly sweeps: number;
}

/** The second of a minute at which counting begins and ends. No timer runs then. */
const quietSecond = 45;

/**
 * Counts the storage operations of an idle app and its host for some minutes, with all queues and the timer that runs
 * every minute, and those of one sweep, and scales both to an hour.
 */
export async function measureIdleHour({ root, app, minutes }: IdleOrder): Promise<IdleHour> {
  const system = await startMeteredSystem({
    root,
    app,
    settings: { 'AzureWebJobs.followPolicy.Disabled': 'false' },
  });
  try {
    // The first one makes tables, and notes which policy it has applied.
    await sweepOnce(system);
    const sweep = await sweepOnce(system);
    await sleep(untilSecond(quietSecond, new Date()));
    system.recording.requests.splice(0);
    await sleep(minutes * 60_000);
    const counted = system.recording.requests.length;
    return {
      everyMinute: (counted * 60) / minutes,
      sweeps: sweep * runsPerHour(defaultSweepSchedule),
    };
  } finally {
    await system.close();
  }
}

async function sweepOnce({ host, recording, atRest }: MeteredSystem): Promise<number> {
  await atRest();
  recording.requests.splice(0);
  await host.run('sweep');
  return recording.requests.filter(({ isIdle }) => !isIdle).length;
}

/** Returns the milliseconds until the next time that a minute's second is `second`. */
export function untilSecond(second: number, now: Date): number {
  const ms = second * 1000 - (now.getTime() % 60_000);
  return ms < 0 ? ms + 60_000 : ms;
}

/** Returns how often a timer runs in an hour. */
export function runsPerHour(expression: string): number {
  const schedule = parseNcrontab(expression);
  const end = new Date('2026-01-01T01:00:00Z').getTime();
  let runs = 0;
  let at = nextOccurrence(schedule, new Date('2025-12-31T23:59:59.999Z'));
  while (at !== undefined && at.getTime() < end) {
    runs += 1;
    at = nextOccurrence(schedule, at);
  }
  return runs;
}
