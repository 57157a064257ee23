import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../lib/until';
import type { ChaosSystem } from '../system';

export interface Replacement {
  readonly system: Pick<ChaosSystem, 'replace'>;
  /** The folder of the present build. */
  readonly appDirectory: string;
  /** The time over which requests arrive. */
  readonly busySeconds: number;
  /** Returns how many writes the app has sent so far. */
  readonly writes: () => number;
  readonly print: (text: string) => void;
}

/** How many writes were sent while the earlier build ran alone, and while both ran. */
export interface Stages {
  readonly earlier: number;
  readonly both: number;
}

/**
 * Replaces two instances of an earlier build, one after another, while requests arrive: the first is drained, the second dies.
 * In between both builds run beside each other.
 */
export async function replaceInTurn({
  system,
  appDirectory,
  busySeconds,
  writes,
  print,
}: Replacement): Promise<Stages> {
  await sleep((busySeconds * 1000) / 3);
  // On a busy machine that takes longer; a build that writes nothing would prove nothing.
  await until('the earlier build has written', () => writes() > 0);
  const earlier = writes();
  await system.replace(1, appDirectory, 'drained');
  print('the present build runs beside the earlier one');
  await sleep((busySeconds * 1000) / 3);
  await until('both builds have written', () => writes() > earlier);
  const both = writes() - earlier;
  await system.replace(0, appDirectory, 'killed');
  print('the present build runs alone');
  return { earlier, both };
}
