import type { Goal, Part, PartReport } from '../report/part';
import { figure, type Table } from '../report/table';
import { plotSvg } from '../scale/plot';
import { recordedOperations } from './recorded';
import {
  atInterval,
  havingLearned,
  knowingNothing,
  knowingOthers,
  latenessAt,
  type Outcome,
} from './simulate';

/** Polls at fixed intervals, in seconds: ten is the shortest that is allowed. */
export const intervals = [10, 12, 15, 20, 25, 30, 40, 60];

/**
 * Simulates polls of recorded operations: counts, not times, so one run is enough and the machine makes no
 * difference.
 */
export const pacePart: Part = { name: 'pace', run: () => Promise.resolve(report()) };

function report(): PartReport {
  const fixed = intervals.map(atInterval);
  const rule = [knowingNothing(), knowingOthers(), havingLearned()];
  return {
    name: 'pace',
    about: `${recordedOperations.length} recorded operations, each with five durations that agree with its recording.`,
    runs: 1,
    tables: [tableOf([...fixed, ...rule])],
    goals: rule.map((each) => goalOf(each, fixed)),
    figures: { fixed, rule },
    plots: { 'pace-lateness.svg': plotOf(fixed, rule) },
  };
}

function tableOf(outcomes: readonly Outcome[]): Table {
  return {
    caption: 'Lateness: from the end of an operation to the poll that finds it, as a share of its duration.',
    head: ['polls', 'per operation', 'lateness: median', 'lateness: mean'],
    rows: outcomes.map(({ name, polls, medianLateness, meanLateness }) => [
      name,
      figure(polls, 2),
      figure(medianLateness, 2),
      figure(meanLateness, 2),
    ]),
  };
}

function goalOf({ name, polls, medianLateness }: Outcome, fixed: readonly Outcome[]): Goal {
  return {
    what: `Median lateness of ${name}, as a share of that of a fixed interval with as many polls`,
    measured: medianLateness / latenessAt(polls, fixed, (each) => each.medianLateness),
    limit: 1,
    wanted: 'at most',
  };
}

function plotOf(fixed: readonly Outcome[], rule: readonly Outcome[]): string {
  const point = ({ polls, medianLateness }: Outcome): readonly [number, number] => [polls, medianLateness];
  return plotSvg({
    title: 'Polls and lateness of recorded operations',
    xLabel: 'polls per operation',
    yLabel: 'median lateness / duration',
    y: 'linear',
    legend: 'right',
    xTicks: [1, 1.5, 2, 3, 4],
    series: [
      { name: `every ${intervals.join(', ')} s`, points: fixed.map(point) },
      ...rule.map((each) => ({ name: each.name, points: [point(each)] })),
    ],
  });
}
