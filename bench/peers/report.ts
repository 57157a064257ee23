import type { Goal } from '../report/part';
import { mean, median } from '../report/statistics';
import { figure, type Table } from '../report/table';
import { otherTypes, ownStoreTypes, type SeedType } from '../system/seed';
import { modes, type Approved, type PeerOrder, type PeerRun } from './peer';

const peers = ['Azure CLI', 'Postern', 'Postern 0.1.0'] as const;
type Peer = (typeof peers)[number];

export interface Measured {
  readonly peer: Peer;
  readonly mode: PeerOrder['mode'];
  readonly run: PeerRun;
}

/**
 * The most requests per type: those of Azure CLI, and for API Management half of them. The CLI asks for each type
 * more often, the longer its operation takes; where no number stands here, as many as it takes in the same run.
 */
const mostRequests: Partial<Record<SeedType, number>> = {
  'Microsoft.KeyVault/vaults': 6,
  'Microsoft.KeyVault/managedHSMs': 6,
  'Microsoft.Compute/diskAccesses': 6,
  'Microsoft.ApiManagement/service': 9,
};
/** Seconds that an approval may take more than with Azure CLI. */
const mostSecondsAbove = 1;

const types: readonly SeedType[] = [...ownStoreTypes, ...otherTypes];

/** Returns the sides that took part: version 0.1.0 is missing where the history does not have it. */
function peersIn(measured: readonly Measured[]): readonly Peer[] {
  return peers.filter((each) => measured.some(({ peer }) => peer === each));
}

export function sideTable(measured: readonly Measured[]): Table {
  return {
    caption:
      'Per approved connection, from Pending to the proof; means over the types. Version 0.1.0 has only the first four: compare it by type.',
    head: ['', '', 'types', 'ARM requests', 'token requests', 'seconds each', 'total seconds'],
    rows: modes.flatMap((mode) =>
      peersIn(measured).map((peer) => {
        const runs = measured
          .filter((each) => each.peer === peer && each.mode === mode)
          .map((each) => each.run);
        const middle = (pick: (run: PeerRun) => number): number => median(runs.map(pick));
        return [
          peer,
          mode,
          figure(middle(({ connections }) => connections.length)),
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

/** Medians over the runs. NaN for a type that the side does not have. */
interface TypeFigures {
  readonly requests: number;
  readonly seconds: number;
}

function figuresOf(
  measured: readonly Measured[],
  wanted: { readonly peer: Peer; readonly mode: PeerOrder['mode']; readonly type: SeedType },
): TypeFigures {
  const approved: readonly Approved[] = measured
    .filter(({ peer, mode }) => peer === wanted.peer && mode === wanted.mode)
    .flatMap(({ run }) => run.connections)
    .filter(({ type }) => type === wanted.type);
  return {
    requests: median(approved.map(({ armRequests }) => armRequests)),
    seconds: median(approved.map(({ seconds }) => seconds)),
  };
}

export function typeTable(measured: readonly Measured[]): Table {
  const sides = peersIn(measured);
  return {
    caption:
      'The same by type. Requests for the target and its operations, without those for endpoints; medians.',
    head: ['type', '', ...sides.flatMap((peer) => [`${peer}: requests`, `${peer}: seconds`])],
    rows: types.flatMap((type) =>
      modes.map((mode) => [
        type,
        mode,
        ...sides.flatMap((peer) => {
          const { requests, seconds } = figuresOf(measured, { peer, mode, type });
          return [figure(requests, 1), figure(seconds, 1)];
        }),
      ]),
    ),
  };
}

/** Returns the goals: for requests one per type, for seconds one per mode, each with the worst that was measured. */
export function goalsOf(measured: readonly Measured[]): readonly Goal[] {
  const postern = (mode: PeerOrder['mode'], type: SeedType): TypeFigures =>
    figuresOf(measured, { peer: 'Postern', mode, type });
  const azureCli = (mode: PeerOrder['mode'], type: SeedType): TypeFigures =>
    figuresOf(measured, { peer: 'Azure CLI', mode, type });
  const requests = types.map((type): Goal => {
    const limit = mostRequests[type] ?? Math.min(...modes.map((mode) => azureCli(mode, type).requests));
    return {
      what: `ARM requests for ${type}, the most of both modes`,
      measured: Math.max(...modes.map((mode) => postern(mode, type).requests)),
      limit,
      wanted: 'at most',
    };
  });
  const seconds = modes.map((mode): Goal => {
    const above = types.map((type) => postern(mode, type).seconds - azureCli(mode, type).seconds);
    return {
      what: `Seconds more than Azure CLI takes, ${mode}, of the type where it is most`,
      measured: Math.max(...above),
      limit: mostSecondsAbove,
      wanted: 'at most',
    };
  });
  return [...requests, ...seconds];
}
