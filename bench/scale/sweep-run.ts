import { residentMemoryOf } from './resident-memory';
import { startScaleSystem, type ScaleSystem } from './system';

/** One sweep over a whole tenant. */
export interface SweepFigures {
  readonly kind: 'sweep';
  readonly source: 'lists' | 'graph';
  /** Whether the requested reviews ran meanwhile, in the same process. */
  readonly reviews: boolean;
  readonly connections: number;
  readonly targets: number;
  /** The number of targets for which a review was requested. */
  readonly asked: number;
  readonly seconds: number;
  /**
   * Resident memory of the app's process in MB: before its first invocation, and the maximum during this
   * sweep.
   */
  readonly idleMb: number;
  readonly peakMb: number;
  readonly armCalls: number;
  /** Billed operations, including the host's, without reads of queues that found no message. */
  readonly storageCalls: number;
}

export interface SweepOrder {
  readonly root: string;
  /** The number of connections; there are a tenth as many targets. */
  readonly connections: number;
  readonly reviews: boolean;
  /** The number of types that take turns. Default: the four that have a store of their own. */
  readonly types?: number | undefined;
}

export const connectionsPerTarget = 10;

/**
 * Runs two sweeps in one process: the first reads the providers' lists, the second queries Resource Graph.
 * The requests of the first stay in the queue, unless reviews are on.
 */
export async function runSweeps({
  root,
  connections,
  reviews,
  types,
}: SweepOrder): Promise<readonly SweepFigures[]> {
  const targets = connections / connectionsPerTarget;
  const disabled = ['followPolicy', ...(reviews ? [] : ['reviewTarget'])];
  const system = await startScaleSystem({ root, targets, connectionsPerTarget, types, disabled });
  try {
    const idleMb = residentMemoryOf(system.host.pid).now();
    const common = { connections, targets, reviews, idleMb };
    const lists = await sweepOnce(system, common);
    const graph = await sweepOnce(system, common);
    return [lists, graph];
  } finally {
    await system.close();
  }
}

async function sweepOnce(
  system: ScaleSystem,
  common: Pick<SweepFigures, 'connections' | 'targets' | 'reviews' | 'idleMb'>,
): Promise<SweepFigures> {
  const memory = residentMemoryOf(system.host.pid);
  system.storage.clear();
  system.azure.requests.clear();
  memory.forget();
  const began = performance.now();
  await system.run('sweep');
  const seconds = (performance.now() - began) / 1000;
  const peakMb = memory.peak();
  const isOurs = ({ area }: { area: string }): boolean => area === 'arm' || area === 'graph';
  const armCalls = system.azure.requests.records.filter(isOurs).length;
  const storageCalls = system.storage.operations.filter(({ isIdle }) => !isIdle).length;
  const { last } = await system.ports.sweepJournal.read();
  if (last === undefined || last.targets !== common.targets) {
    throw new Error(`The sweep saw ${last?.targets ?? 'no'} targets, not ${common.targets}`);
  }
  const { source, asked } = last;
  return { kind: 'sweep', source, asked, ...common, seconds, peakMb, armCalls, storageCalls };
}
