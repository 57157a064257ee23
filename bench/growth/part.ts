import type { Part, PartOptions, PartReport } from '../report/part';
import { figure } from '../report/table';
import { runBurst, type BurstFigures } from './burst-run';
import { runGone } from './gone-run';
import { burstTable, costTable, goalsOf, leftTable } from './report';

/** Checks that actions which anyone can repeat without limit leave nothing behind. */
export const growthPart: Part = { name: 'growth', run };

async function run({ root, quick, log }: PartOptions): Promise<PartReport> {
  const hints = quick ? 30 : 300;
  const bursts: BurstFigures[] = [];
  for (const kind of ['events', 'sweeps'] as const) {
    log(`${hints} ${kind} for a target that never settles`);
    bursts.push(await runBurst({ root, kind, hints }));
  }
  const size = quick ? { waves: 1, perWave: 50, rows: 1_500 } : { waves: 4, perWave: 100, rows: 10_000 };
  const gone = await runGone({ root, log, ...size });
  return {
    name: 'growth',
    about: `${figure(hints)} events and as many sweeps for one target that never settles; ${figure(gone.cameAndWent.connections)} connections that came and went; ${figure(gone.leftBehind.rows)} rows as an app without clean-up would leave them. Counts, not times; how many hints one review covers depends on the machine.`,
    runs: 1,
    tables: [burstTable(bursts), leftTable(gone), costTable(gone)],
    goals: goalsOf(bursts, gone),
    figures: { bursts, gone },
  };
}
