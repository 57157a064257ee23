import { openTogether } from '../../dev/lib/cleanup-stack';
import type { Part, PartOptions, PartReport } from '../report/part';
import { presentBuild, type AppBuild } from '../system/app-build';
import { buildFirstVersion } from '../system/first-version';
import { otherTypes, ownStoreTypes } from '../system/seed';
import { modes, type PeerOrder, type PeerSide } from './peer';
import { goalsOf, sideTable, typeTable, type Measured } from './report';
import { startAzureCli } from './run-azure-cli';
import { startPostern } from './run-postern';

/** Compares the cost of an approval with that of the usual script, and with that of version 0.1.0. */
export const peersPart: Part = { name: 'peers', run };

interface Side {
  readonly peer: Measured['peer'];
  readonly start: (order: PeerOrder) => Promise<PeerSide>;
  readonly types: PeerOrder['types'];
}

async function run({ root, runs, quick, log }: PartOptions): Promise<PartReport> {
  // Delays that do not follow the clock (the queues' intervals) would count ten times.
  const speed = quick ? 10 : 1;
  const sides = sidesOf(root, await buildFirstVersion(root, log));
  const measured: Measured[] = [];
  for (let round = 1; round <= runs; round += 1) {
    log(`run ${round} of ${runs}: all sides at the same time, because they mostly wait`);
    measured.push(...(await measure(sides, speed)));
  }
  return {
    name: 'peers',
    about: `One connection of each type, each on its own target, with recorded delays; the local Azure's clock runs ${speed} times as fast as the real one, and seconds are those of its clock.`,
    tables: [sideTable(measured), typeTable(measured)],
    goals: goalsOf(measured),
    figures: measured,
  };
}

function sidesOf(root: string, first: AppBuild | undefined): readonly Side[] {
  const all = [...ownStoreTypes, ...otherTypes];
  const postern = (app: AppBuild) => (order: PeerOrder) => startPostern({ ...order, root, app });
  return [
    { peer: 'Azure CLI', start: startAzureCli, types: all },
    { peer: 'Postern', start: postern(presentBuild(root)), types: all },
    // It knows no other types.
    ...(first === undefined
      ? []
      : [{ peer: 'Postern 0.1.0', start: postern(first), types: ownStoreTypes } as const]),
  ];
}

/** Starts every side in both modes, and only then lets them begin, so that no start disturbs a measurement. */
async function measure(sides: readonly Side[], speed: number): Promise<readonly Measured[]> {
  return openTogether(async (cleanup) => {
    const ready: (Pick<Measured, 'peer' | 'mode'> & { readonly side: PeerSide })[] = [];
    for (const mode of modes) {
      for (const { peer, start, types } of sides) {
        const side = await start({ mode, types, speed });
        cleanup.push(() => side.close());
        ready.push({ peer, mode, side });
      }
    }
    const measured = await Promise.all(
      ready.map(async ({ peer, mode, side }) => ({ peer, mode, run: await side.run() })),
    );
    await cleanup.close();
    return measured;
  });
}
