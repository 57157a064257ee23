import type { Part, PartOptions, PartReport } from '../report/part';
import { figure, type Table } from '../report/table';
import { plotSvg } from './plot';
import { memoryLimitMb, plotsOf, summaryOf } from './report';
import { runSweeps, type SweepFigures } from './sweep-run';

const sizes = [1_000, 10_000, 100_000];
const quickSizes = [1_000];

/**
 * Measures sweeps. `node dist/bench/scale.mjs` has more options: other sizes, waiting operations, and sweeps
 * with simultaneous reviews.
 */
export const scalePart: Part = { name: 'scale', run };

async function run({ root, runs, quick, log }: PartOptions): Promise<PartReport> {
  const all: SweepFigures[] = [];
  for (let run = 1; run <= runs; run += 1) {
    for (const connections of quick ? quickSizes : sizes) {
      log(`run ${run} of ${runs}: ${figure(connections)} connections`);
      all.push(...(await runSweeps({ root, connections, reviews: false })));
    }
  }
  const summary = summaryOf(all);
  const plots = Object.entries(plotsOf(summary)).map(([name, plot]) => [name, plotSvg(plot)] as const);
  return {
    name: 'scale',
    about: 'Sweeps over Pending connections, on a tenth as many targets; the maximum memory of all runs.',
    tables: [tableOf(summary)],
    goals: [
      {
        what: 'Maximum resident memory of the app in a sweep, in MB',
        measured: Math.max(...summary.map(({ peakMb }) => peakMb)),
        limit: memoryLimitMb,
        wanted: 'at most',
      },
    ],
    figures: all,
    plots: Object.fromEntries(plots),
  };
}

function tableOf(summary: readonly SweepFigures[]): Table {
  return {
    caption: 'From the start of a sweep to its end, by source.',
    head: ['connections', 'source', 'seconds', 'peak MB', 'idle MB', 'ARM calls', 'storage operations'],
    rows: summary.map((each) => [
      figure(each.connections),
      each.source === 'graph' ? 'Resource Graph' : 'the providers’ lists',
      figure(each.seconds, 1),
      figure(each.peakMb),
      figure(each.idleMb),
      figure(each.armCalls),
      figure(each.storageCalls),
    ]),
  };
}
