import { until } from '../../dev/lib/until';
import { hint } from '../system/hint';
import { ownRequests } from '../system/own-requests';
import { pollTimes } from '../system/poll-times';
import { startMeteredSystem } from '../system/metered-system';
import { busyRequests, type RecordOrder } from './record';
import type { StorageRequest } from '../system/recording-storage';
import { seedVaults } from './world';

/** The time within which the polls must have come. It is longer than any interval between two of them. */
const timeoutSeconds = 400;

/** An approval that never ends while it is watched. */
const endless = { timings: { 'Microsoft.KeyVault/vaults': { approveSeconds: 100_000 } } };

/**
 * Counts the storage operations of one poll that finds its operation still running: the mean of `polls` polls in a
 * row. Those of the host are included, reads of queues that found no message are not.
 */
export async function measureWaitingPoll({
  root,
  app,
  polls,
}: RecordOrder & { readonly polls: number }): Promise<number> {
  const system = await startMeteredSystem({ root, app, azure: endless, pollFloorSeconds: 1 });
  try {
    const { azure, host, recording } = system;
    const vaults = await seedVaults(azure, [0]);
    await hint(
      host.webhook,
      vaults.map(({ connection }) => connection),
    );
    const times = (): readonly number[] => pollTimes(ownRequests(azure.requests.records));
    await until('the operation is polled', () => times().length > polls, { seconds: timeoutSeconds });
    return operationsPerPoll(busyRequests(recording), times().slice(0, polls + 1));
  } finally {
    await system.close();
  }
}

/**
 * Returns the mean number of operations from one poll to the next. What follows a poll's request to ARM and what
 * precedes the next one belong to two polls of the same kind, so that each interval holds one poll's worth.
 */
export function operationsPerPoll(
  storage: readonly Pick<StorageRequest, 'startedMs'>[],
  times: readonly number[],
): number {
  const [first, last] = [times[0] ?? NaN, times.at(-1) ?? NaN];
  const between = storage.filter(({ startedMs }) => startedMs >= first && startedMs < last);
  return between.length / (times.length - 1);
}
