import type { Part, PartOptions, PartReport } from '../report/part';
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
    goals: [],
    figures: waited,
  };
}

function tableOf(waited: readonly Waited[]): Table {
  return {
    caption:
      'Seconds from the end of an operation in the local Azure to its `applied` record, compared with the interval that the provider’s minimum or `Retry-After` requests.',
    head: [
      'type',
      'approvals',
      'interval requested',
      'interval used',
      'delay: median',
      'delay: maximum',
      'median / requested',
    ],
    rows: ownStoreTypes.map((type) => rowOf(type, waited)),
  };
}

function rowOf(type: OwnStoreType, all: readonly Waited[]): readonly string[] {
  const waited = all.filter((each) => each.type === type);
  const late = waited.map(({ lateSeconds }) => lateSeconds);
  const requestedSeconds = median(waited.map(({ requestedSeconds }) => requestedSeconds));
  return [
    type,
    figure(waited.length),
    figure(requestedSeconds, 1),
    figure(median(waited.flatMap(({ gaps }) => gaps)), 1),
    figure(median(late), 1),
    figure(Math.max(...late), 1),
    figure(median(late) / requestedSeconds, 2),
  ];
}
