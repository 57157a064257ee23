import { atMost, type Goal } from '../report/part';
import { median, percentile } from '../report/statistics';
import { figure, type Table } from '../report/table';
import type { IdleHour } from './idle-hour';

/** What was measured of one version of the app. */
export interface Answered {
  readonly name: string;
  /** Seconds from an event to the write. */
  readonly seconds: readonly number[];
  readonly idleHour: IdleHour;
}

export interface Measured {
  readonly present: Answered;
  /** Absent if the repository's history does not have it. */
  readonly first: Answered | undefined;
}

/** The most seconds from an event to the write. */
const mostSeconds = { median: 1, percentile: 2.5 };
const share = 0.95;
/** Counts of a few minutes differ by a read of each queue. */
const mostAbove = 1.02;

const slowest = (seconds: readonly number[]): number => percentile(seconds, share);
const wholeHour = ({ everyMinute, sweeps }: IdleHour): number => everyMinute + sweeps;

function versions({ present, first }: Measured): readonly Answered[] {
  return first === undefined ? [present] : [present, first];
}

export function secondsTable(measured: Measured): Table {
  return {
    caption: 'Seconds from the arrival of an event that names a connection to the departure of the PUT.',
    head: ['', 'events', 'median', '95th percentile', 'maximum'],
    rows: versions(measured).map(({ name, seconds }) => [
      name,
      figure(seconds.length),
      figure(median(seconds), 2),
      figure(slowest(seconds), 2),
      figure(Math.max(...seconds), 2),
    ]),
  };
}

export function idleTable(measured: Measured): Table {
  return {
    caption:
      'Storage operations of the app and its host in an hour without work, scaled from a few minutes and one sweep.',
    head: ['', 'queues and the timer of every minute', 'sweeps', 'together'],
    rows: versions(measured).map(({ name, idleHour }) => [
      name,
      figure(idleHour.everyMinute),
      figure(idleHour.sweeps),
      figure(wholeHour(idleHour)),
    ]),
  };
}

/** Returns the goals. The one that compares with version 0.1.0 is left out with it. */
export function goalsOf({ present, first }: Measured): readonly Goal[] {
  return [
    atMost('Seconds from an event to the PUT, median', median(present.seconds), mostSeconds.median),
    atMost(
      'Seconds from an event to the PUT, 95th percentile',
      slowest(present.seconds),
      mostSeconds.percentile,
    ),
    ...(first === undefined
      ? []
      : [
          atMost(
            'Storage operations of an idle hour, as a multiple of version 0.1.0’s',
            wholeHour(present.idleHour) / wholeHour(first.idleHour),
            mostAbove,
          ),
        ]),
  ];
}
