import { atMost, type Goal } from '../report/part';
import { figure, type Table } from '../report/table';
import type { BurstFigures } from './burst-run';
import type { GoneFigures } from './gone-run';
import type { ReviewCost } from './review-cost';

/** One message for the target's next review, and one hint that is being processed. */
const mostMessagesLeft = 2;
/** The number of rows that one review removes. */
const forgottenByReview = 500;
/** The factor by which reviews may differ by chance: the length of an instant or of a message. */
const mostAbove = 1.05;

export function burstTable(bursts: readonly BurstFigures[]): Table {
  return {
    caption:
      'Messages in the queue `reviews`, including hidden ones, for a target whose connection ARM always shows as `Updating`.',
    head: ['hints', 'maximum during the burst', 'left afterwards', 'reviews'],
    rows: bursts.map(({ kind, hints, most, left, reviews }) => [
      `${figure(hints)} ${kind}`,
      figure(most),
      figure(left),
      figure(reviews),
    ]),
  };
}

export function leftTable({ cameAndWent, leftBehind }: GoneFigures): Table {
  return {
    caption: 'Rows of connections that are gone.',
    head: ['target where', 'reviews', 'rows left', 'next generation'],
    rows: [
      [
        `${figure(cameAndWent.connections)} connections came and went`,
        'one or more per wave',
        figure(cameAndWent.rowsLeft),
        figure(cameAndWent.nextGeneration),
      ],
      [
        `${figure(leftBehind.rows)} rows were left behind`,
        figure(leftBehind.reviewsUntilForgotten),
        figure(leftBehind.rowsLeft),
        figure(leftBehind.nextGeneration),
      ],
    ],
  };
}

export function costTable({ untouched, cameAndWent, leftBehind }: GoneFigures): Table {
  const row = (label: string, cost: ReviewCost): readonly string[] => [
    label,
    figure(cost.storageOperations),
    figure(cost.tableBytesRead),
    figure(cost.armRequests),
    figure(cost.tableBytesRead / untouched.tableBytesRead, 2),
  ];
  return {
    caption: 'The cost of one review, on targets with one held connection.',
    head: [
      'target where',
      'storage operations',
      'bytes read from tables',
      'ARM requests',
      'bytes / untouched',
    ],
    rows: [
      row('no other connection existed', untouched),
      row(`${figure(cameAndWent.connections)} connections came and went`, cameAndWent.after),
      row(`${figure(leftBehind.rows)} rows are left: the first review`, leftBehind.first),
      row('the same, after their removal', leftBehind.after),
    ],
  };
}

export function goalsOf(bursts: readonly BurstFigures[], gone: GoneFigures): readonly Goal[] {
  const { untouched, cameAndWent, leftBehind } = gone;
  const rows = figure(leftBehind.rows);
  return [
    ...bursts.map(({ kind, hints, left }) =>
      atMost(
        `Messages left of ${figure(hints)} ${kind} for a target that never settles`,
        left,
        mostMessagesLeft,
      ),
    ),
    atMost('Rows left of connections that came and went', cameAndWent.rowsLeft, 0),
    atMost(
      'A review after they are gone, as a multiple of an untouched target’s',
      timesAsMuch(cameAndWent.after, untouched),
      mostAbove,
    ),
    atMost(
      `Reviews until ${rows} rows are removed`,
      leftBehind.reviewsUntilForgotten,
      Math.ceil(leftBehind.rows / forgottenByReview),
    ),
    atMost(`Rows left of ${rows}`, leftBehind.rowsLeft, 0),
    atMost(
      'A review after their removal, as a multiple of an untouched target’s',
      timesAsMuch(leftBehind.after, untouched),
      mostAbove,
    ),
  ];
}

/** Returns the largest ratio of the three figures. */
export function timesAsMuch(cost: ReviewCost, other: ReviewCost): number {
  const names = ['storageOperations', 'tableBytesRead', 'armRequests'] as const;
  return Math.max(...names.map((name) => cost[name] / other[name]));
}
