import type { Goal } from '../report/part';
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
      'Messages in the queue `reviews`, hidden ones among them, by what came about a target whose connection ARM calls `Updating` for ever.',
    head: ['hints', 'most while they came', 'left when all was quiet', 'reviews made'],
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
    caption: 'Rows of what is gone.',
    head: ['a target on which', 'reviews', 'rows left', 'next generation'],
    rows: [
      [
        `${figure(cameAndWent.connections)} connections came and went`,
        'as they came',
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
    caption: 'What one review costs, on targets with one connection that is there and held.',
    head: [
      'a target on which',
      'storage operations',
      'bytes read from tables',
      'ARM requests',
      'bytes / untouched',
    ],
    rows: [
      row('nothing else ever was', untouched),
      row(`${figure(cameAndWent.connections)} connections came and went`, cameAndWent.after),
      row(`${figure(leftBehind.rows)} rows are left, the first review`, leftBehind.first),
      row('the same, once they are forgotten', leftBehind.after),
    ],
  };
}

export function goalsOf(bursts: readonly BurstFigures[], gone: GoneFigures): readonly Goal[] {
  const { untouched, cameAndWent, leftBehind } = gone;
  const atMost = (what: string, measured: number, limit: number): Goal => ({
    what,
    measured,
    limit,
    wanted: 'at most',
  });
  const rows = figure(leftBehind.rows);
  return [
    ...bursts.map(({ kind, hints, left }) =>
      atMost(`Messages left of ${figure(hints)} ${kind} on a target that is stuck`, left, mostMessagesLeft),
    ),
    atMost('Rows left of connections that came and went', cameAndWent.rowsLeft, 0),
    atMost(
      'A review after they went, as a multiple of an untouched target’s',
      timesAsMuch(cameAndWent.after, untouched),
      mostAbove,
    ),
    atMost(
      `Reviews until ${rows} rows are forgotten`,
      leftBehind.reviewsUntilForgotten,
      Math.ceil(leftBehind.rows / forgottenByReview),
    ),
    atMost(`Rows left of ${rows}`, leftBehind.rowsLeft, 0),
    atMost(
      'A review once they are forgotten, as a multiple of an untouched target’s',
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
