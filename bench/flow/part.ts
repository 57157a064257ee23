import { presentBuild, type AppBuild } from '../system/app-build';
import { buildFirstVersion } from '../system/first-version';
import type { Part, PartOptions, PartReport } from '../report/part';
import { runApp } from './app-run';
import { runFloor } from './floor-run';
import { recordCalls } from './record';
import { traceFrom } from './record-trace';
import { goalsOf, rateTable, storageTable, type Measured, type StorageCounts } from './report';
import type { SideRun } from './side';
import { measureWaitingPoll } from './waiting-poll';

/** Compares the app with its first version, and with the rate that the machine, storage and ARM allow. */
export const flowPart: Part = { name: 'flow', run };

async function run(options: PartOptions): Promise<PartReport> {
  const { root, runs, quick, log } = options;
  const connections = quick ? 200 : 1_500;
  const present = presentBuild(root);
  const first = await buildFirstVersion(root, log);
  log('recording what the app does for one connection');
  const { one, ...counts } = await recordCalls({ root, app: present });
  const trace = traceFrom(one.storage, one.arm);
  const storage = await storageOf(options, { app: present, counts });
  const firstStorage =
    first && (await storageOf(options, { app: first, counts: await recordCalls({ root, app: first }) }));
  const app: SideRun[] = [];
  const floor: SideRun[] = [];
  const before: SideRun[] = [];
  for (let run = 1; run <= runs; run += 1) {
    log(`run ${run} of ${runs}: the bare script`);
    floor.push(await runFloor({ root, connections }, trace));
    log(`run ${run} of ${runs}: the app`);
    app.push(await runApp({ root, app: present, connections, storageOperations: storage.amongMany }));
    if (first === undefined || firstStorage === undefined) continue;
    log(`run ${run} of ${runs}: ${first.name}`);
    const { amongMany: storageOperations } = firstStorage;
    before.push(await runApp({ root, app: first, connections, storageOperations }));
  }
  const measured: Measured = { app, floor, first: before, storage, firstStorage };
  return {
    name: 'flow',
    about: `${connections.toLocaleString('en-US')} Pending connections, one on each vault; the sides take turns.`,
    tables: [rateTable(measured), storageTable(measured)],
    goals: goalsOf(measured),
    figures: measured,
  };
}

/** Adds the cost of a poll that waits to what was counted for decided connections. */
async function storageOf(
  { root, quick, log }: PartOptions,
  { app, counts }: { readonly app: AppBuild; readonly counts: Omit<StorageCounts, 'waitingPoll'> },
): Promise<StorageCounts> {
  log(`counting what a poll that waits costs ${app.name}`);
  const waitingPoll = await measureWaitingPoll({ root, app, polls: quick ? 2 : 5 });
  return { alone: counts.alone, amongMany: counts.amongMany, waitingPoll };
}
