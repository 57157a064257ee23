import { atMost, type Goal } from '../report/part';
import { median, medians } from '../report/statistics';
import { figure, type Table } from '../report/table';
import type { SideRun } from './side';

/** Storage operations, including the host's, without reads of queues that found no message. */
export interface StorageCounts {
  /** Per decided connection: alone, and as one of many. */
  readonly alone: number;
  readonly amongMany: number;
  /** Per poll that finds its operation still running. */
  readonly waitingPoll: number;
}

export interface Measured {
  readonly app: readonly SideRun[];
  readonly floor: readonly SideRun[];
  /** Version 0.1.0 in the same runs; empty if the history does not have it. */
  readonly first: readonly SideRun[];
  readonly storage: StorageCounts;
  readonly firstStorage: StorageCounts | undefined;
}

/** The least rate, as a share of the bare script's. */
const leastShare = 0.8;
/** The least rate, as a multiple of version 0.1.0's. */
const leastGain = 1.35;
/** The most storage operations. */
const mostPerConnection = 12;
const mostPerWaitingPoll = 4;

export function rateTable({ app, floor, first }: Measured): Table {
  const row = (label: string, runs: readonly SideRun[]): readonly string[] => {
    const middle = medians<keyof SideRun>(runs);
    return [
      label,
      figure(middle.rate, 1),
      figure(middle.seconds, 1),
      figure(middle.processorMs, 1),
      figure(middle.hostProcessorMs, 1),
      figure(middle.allProcessorMs, 1),
      figure(middle.armRequests, 2),
      figure(middle.storageOperations, 2),
    ];
  };
  return {
    caption:
      'Rate: connections per second between the 10th and the 90th percentile. CPU: milliseconds per connection. Requests and operations: per connection.',
    head: [
      '',
      'rate',
      'total seconds',
      'CPU',
      'CPU of the host',
      'CPU of all',
      'ARM requests',
      'storage operations',
    ],
    rows: [
      row('the app', app),
      ...(first.length === 0 ? [] : [row('version 0.1.0', first)]),
      row('a bare script, its own host', floor),
    ],
  };
}

export function storageTable({ storage, firstStorage }: Measured): Table {
  const row = (label: string, pick: (counts: StorageCounts) => number): readonly string[] => [
    label,
    figure(pick(storage), 2),
    ...(firstStorage === undefined ? [] : [figure(pick(firstStorage), 2)]),
  ];
  return {
    caption:
      'Storage operations, including the host’s for the queues. Reads of queues that found no message are left out.',
    head: ['', 'the app', ...(firstStorage === undefined ? [] : ['version 0.1.0'])],
    rows: [
      row('a decided connection, alone', ({ alone }) => alone),
      row('a decided connection among many', ({ amongMany }) => amongMany),
      row('a poll that finds the operation still running', ({ waitingPoll }) => waitingPoll),
    ],
  };
}

/** Returns the goals. Those that compare with version 0.1.0 are left out with it. */
export function goalsOf({ app, floor, first, storage }: Measured): readonly Goal[] {
  const times = (others: readonly SideRun[]): number =>
    median(app.map(({ rate }, run) => rate / (others[run]?.rate ?? NaN)));
  return [
    {
      what: 'Connections per second, as a share of the bare script’s (median over the runs)',
      measured: times(floor),
      limit: leastShare,
      wanted: 'at least',
    },
    ...(first.length === 0
      ? []
      : [
          {
            what: 'Connections per second, as a multiple of version 0.1.0’s (median over the runs)',
            measured: times(first),
            limit: leastGain,
            wanted: 'at least',
          } as const,
        ]),
    atMost('Storage operations of a decided connection, alone', storage.alone, mostPerConnection),
    atMost('Storage operations of a decided connection among many', storage.amongMany, mostPerConnection),
    atMost('Storage operations of a poll that waits', storage.waitingPoll, mostPerWaitingPoll),
  ];
}
