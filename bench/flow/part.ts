import type { Part, PartOptions, PartReport } from '../report/part';
import { medians, median } from '../report/statistics';
import { figure, type Table } from '../report/table';
import { runApp } from './app-run';
import { runFloor } from './floor-run';
import { recordTrace, type Recorded } from './record-trace';
import type { SideRun } from './side';

interface Sides {
  readonly app: readonly SideRun[];
  readonly floor: readonly SideRun[];
}

/** Compares the app with the rate that the machine, storage and ARM allow. */
export const flowPart: Part = { name: 'flow', run };

async function run(options: PartOptions): Promise<PartReport> {
  const { root, runs, quick, log } = options;
  const connections = quick ? 200 : 1_500;
  log('recording what the app does for one connection');
  const recorded = await recordTrace(root);
  const app: SideRun[] = [];
  const floor: SideRun[] = [];
  for (let run = 1; run <= runs; run += 1) {
    log(`run ${run} of ${runs}: the bare script`);
    floor.push(await runFloor({ root, connections }, recorded.trace));
    log(`run ${run} of ${runs}: the app`);
    app.push(await runApp({ root, connections, storageOperations: recorded.amongMany }));
  }
  return reportOf({ app, floor }, recorded, connections);
}

function reportOf({ app, floor }: Sides, recorded: Recorded, connections: number): PartReport {
  const share = median(app.map(({ rate }, run) => rate / (floor[run]?.rate ?? NaN)));
  return {
    name: 'flow',
    about: `${figure(connections)} Pending connections, one on each vault; the two sides take turns.`,
    tables: [tableOf({ app, floor })],
    goals: [
      {
        what: 'Connections per second, as a share of the bare script’s (median over the runs)',
        measured: share,
        limit: 0.6,
        wanted: 'at least',
      },
    ],
    figures: { app, floor, storage: { alone: recorded.alone, amongMany: recorded.amongMany } },
  };
}

function tableOf({ app, floor }: Sides): Table {
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
    rows: [row('the app', app), row('a bare script, its own host', floor)],
  };
}
