import { QueueClient } from '@azure/storage-queue';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../dev/lib/until';
import { defaultStorageNames } from '../../src/azure/storage/storage';
import { instantVaults, range, seedVaults, type SeededVault } from '../flow/world';
import type { AppBuild } from '../system/app-build';
import { hint } from '../system/hint';
import { ownRequests } from '../system/own-requests';
import { startSystem, type BenchSystem } from '../system/start-system';

export interface AnswersOrder {
  readonly root: string;
  readonly app: AppBuild;
  readonly events: number;
}

/** Events that are answered first, so that modules are loaded, and tables and queues exist. */
const warmUp = 2;
/**
 * After so many seconds without a message the host reads its queues at the longest interval, which is as many seconds as
 * follow. Events arrive in every part of that interval.
 */
const restSeconds = 4;
const longestIntervalSeconds = 2;

/**
 * Measures the seconds from the arrival of an event, which names a connection, to the departure of the PUT that approves
 * it: each on its own vault, in a warm app whose queues are empty.
 */
export async function measureAnswers({ root, app, events }: AnswersOrder): Promise<readonly number[]> {
  const system = await startSystem({ root, app, azure: instantVaults, pollFloorSeconds: 1 });
  try {
    const seconds: number[] = [];
    for (const index of range(0, warmUp + events)) {
      await untilQueuesAreEmpty(system);
      await sleep((restSeconds + longestIntervalSeconds * ((index + 0.5) / (warmUp + events))) * 1000);
      const answered = await answer(system, index);
      if (index >= warmUp) seconds.push(answered);
    }
    return seconds;
  } finally {
    await system.close();
  }
}

async function answer(system: BenchSystem, index: number): Promise<number> {
  const { azure, host } = system;
  const [vault] = await seedVaults(azure, [index]);
  if (vault === undefined) throw new Error('No vault was made');
  const arrivedMs = Date.now();
  await hint(host.webhook, [vault.connection]);
  let departedMs: number | undefined;
  await until('the connection is approved', () => (departedMs = putTime(system, vault)) !== undefined, {
    everyMs: 50,
  });
  await until('its approval is proven', async () =>
    (await system.applied()).some(({ target }) => target === vault.target),
  );
  return ((departedMs ?? NaN) - arrivedMs) / 1000;
}

function putTime({ azure }: BenchSystem, { target }: SeededVault): number | undefined {
  return ownRequests(azure.requests.records).find((each) => each.method === 'PUT' && each.target === target)
    ?.startedRealMs;
}

async function untilQueuesAreEmpty({ azurite }: BenchSystem): Promise<void> {
  const { reviewsQueue, operationsQueue } = defaultStorageNames;
  for (const name of [reviewsQueue, operationsQueue]) {
    const queue = new QueueClient(azurite.connectionString, name);
    await queue.createIfNotExists();
    await until(
      `the queue ${name} is empty`,
      async () => (await queue.getProperties()).approximateMessagesCount === 0,
    );
  }
}
