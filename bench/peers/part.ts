import type { Part, PartOptions, PartReport } from '../report/part';
import { mean, median } from '../report/statistics';
import { figure, type Table } from '../report/table';
import { ownStoreTypes } from '../system/seed';
import type { Approved, PeerOrder, PeerRun } from './peer';
import { runAzureCli } from './run-azure-cli';
import { runPostern } from './run-postern';

const peers = ['Azure CLI', 'Postern'] as const;
const modes = ['one at a time', 'all at once'] as const;

interface Measured {
  readonly peer: (typeof peers)[number];
  readonly mode: PeerOrder['mode'];
  readonly run: PeerRun;
}

/** Compares the cost of an approval with that of the usual script. */
export const peersPart: Part = { name: 'peers', run };

async function run({ root, runs, quick, log }: PartOptions): Promise<PartReport> {
  // Delays that do not follow the clock (two seconds for events to settle, the queues' intervals) would count
  // ten times.
  const speed = quick ? 10 : 1;
  const measured: Measured[] = [];
  for (let round = 1; round <= runs; round += 1) {
    log(`run ${round} of ${runs}: all four at the same time, because they mostly wait`);
    const runsNow = modes.flatMap((mode) =>
      peers.map(async (peer) => {
        const order = { root, mode, speed };
        const run = await (peer === 'Postern' ? runPostern(order) : runAzureCli(order));
        return { peer, mode, run };
      }),
    );
    measured.push(...(await Promise.all(runsNow)));
  }
  return {
    name: 'peers',
    about: `One connection of each type, each on its own target, with recorded delays; the local Azure's clock runs ${speed} times as fast as the real one, and seconds are those of its clock.`,
    tables: [tableOf(measured), typesOf(measured)],
    goals: [],
    figures: measured,
  };
}

function tableOf(measured: readonly Measured[]): Table {
  return {
    caption: 'Per approved connection, from Pending to the proof; means over the four types.',
    head: ['', '', 'ARM requests', 'token requests', 'seconds each', 'total seconds'],
    rows: modes.flatMap((mode) =>
      peers.map((peer) => {
        const runs = measured
          .filter((each) => each.peer === peer && each.mode === mode)
          .map((each) => each.run);
        const middle = (pick: (run: PeerRun) => number): number => median(runs.map(pick));
        return [
          peer,
          mode,
          figure(
            middle(({ armRequests, connections }) => armRequests / connections.length),
            1,
          ),
          figure(
            middle(({ tokenRequests, connections }) => tokenRequests / connections.length),
            1,
          ),
          figure(middle(({ connections }) => mean(connections.map(({ seconds }) => seconds)))),
          figure(middle(({ secondsInAll }) => secondsInAll)),
        ];
      }),
    ),
  };
}

function typesOf(measured: readonly Measured[]): Table {
  const approved = (peer: string, type: string): readonly Approved[] =>
    measured
      .filter((each) => each.peer === peer)
      .flatMap(({ run }) => run.connections)
      .filter((each) => each.type === type);
  const figures = (peer: string, type: string): readonly string[] => {
    const all = approved(peer, type);
    return [
      figure(median(all.map(({ armRequests }) => armRequests)), 1),
      figure(median(all.map(({ seconds }) => seconds))),
    ];
  };
  return {
    caption:
      'The same by type, both modes together. Requests for the target and its operations, without those for endpoints; medians.',
    head: ['type', 'Azure CLI: requests', 'Azure CLI: seconds', 'Postern: requests', 'Postern: seconds'],
    rows: ownStoreTypes.map((type) => [type, ...peers.flatMap((peer) => figures(peer, type))]),
  };
}
