import type { Goal, Part, PartOptions, PartReport } from '../report/part';
import { median } from '../report/statistics';
import { figure, type Table } from '../report/table';
import { ownStoreTypes, type OwnStoreType } from '../system/seed';
import { waitOnce, type Waited } from './wait-once';

const atOnce = 3;

/** Measures the delay after which Postern knows about the end of an operation. */
export const waitPart: Part = { name: 'wait', run };

async function run({ root, runs, quick, log }: PartOptions): Promise<PartReport> {
  const targetsPerType = quick ? 1 : 3;
  const speed = quick ? 5 : 1;
  const waited: Waited[] = [];
  for (let run = 0; run < runs; run += atOnce) {
    log(
      `runs ${run + 1} to ${Math.min(runs, run + atOnce)} of ${runs} at the same time, because they mostly wait`,
    );
    const some = Array.from({ length: Math.min(atOnce, runs - run) }, (_, index) => run + index);
    // Over all runs, operations end in every part of a polling interval.
    const orders = some.map((each) => ({ root, targetsPerType, phase: (each + 0.5) / runs, speed }));
    waited.push(...(await Promise.all(orders.map(waitOnce))).flat());
  }
  return {
    name: 'wait',
    about: `${targetsPerType} approvals of each type per run; the local Azure's clock runs ${speed} times as fast as the real one, and all figures are real seconds.`,
    tables: [tableOf(waited)],
    goals: goalsOf(waited),
    figures: waited,
  };
}

/** The largest median delay, as a share of how long the operation takes. */
const mostLate = 0.15;

export function tableOf(waited: readonly Waited[]): Table {
  return {
    caption:
      'Seconds from the end of an operation in the local Azure to its `applied` record, compared with how long the operation took. The interval requested is the provider’s minimum or its `Retry-After`.',
    head: [
      'type',
      'approvals',
      'duration',
      'interval requested',
      'interval used',
      'polls',
      'delay: median',
      'delay: maximum',
      'delay / duration',
    ],
    rows: ownStoreTypes.map((type) => rowOf(type, waited)),
  };
}

function rowOf(type: OwnStoreType, all: readonly Waited[]): readonly string[] {
  const waited = all.filter((each) => each.type === type);
  const late = waited.map(({ lateSeconds }) => lateSeconds);
  return [
    type,
    figure(waited.length),
    figure(median(waited.map(({ durationSeconds }) => durationSeconds)), 1),
    figure(median(waited.map(({ requestedSeconds }) => requestedSeconds)), 1),
    figure(median(waited.flatMap(({ gaps }) => gaps)), 1),
    figure(median(waited.map(({ polls }) => polls)), 1),
    figure(median(late), 1),
    figure(Math.max(...late), 1),
    figure(latenessOf(waited), 2),
  ];
}

/** Returns the median delay as a share of the duration. */
function latenessOf(waited: readonly Waited[]): number {
  return median(waited.map(({ lateSeconds, durationSeconds }) => lateSeconds / durationSeconds));
}

export function goalsOf(waited: readonly Waited[]): readonly Goal[] {
  return ownStoreTypes.map((type) => ({
    what: `Median delay after the end of an operation of ${type}, as a share of its duration`,
    measured: latenessOf(waited.filter((each) => each.type === type)),
    limit: mostLate,
    wanted: 'at most',
  }));
}
