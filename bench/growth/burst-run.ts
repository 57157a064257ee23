import { setTimeout as sleep } from 'node:timers/promises';
import { hint } from '../system/hint';
import { seedPending, seedTarget } from '../system/seed';
import { startMeteredSystem } from '../system/metered-system';
import { targetReviews } from './review-cost';

export type BurstKind = 'events' | 'sweeps';

export interface BurstFigures {
  readonly kind: BurstKind;
  /** The number of hints for the target. */
  readonly hints: number;
  /** Messages in the queue `reviews`: the maximum during the burst, and the rest after it. */
  readonly most: number;
  readonly left: number;
  /** The number of times that the target was read. */
  readonly reviews: number;
}

export interface BurstOrder {
  readonly root: string;
  readonly kind: BurstKind;
  readonly hints: number;
}

/** Within this time every hint that was requeued during a review is delivered again: the longest back-off is a minute. */
const restSeconds = 62;

/** Resource Graph accepts 15 queries in five seconds of this clock. */
const quickQuota = { speed: 20 };

const type = 'Microsoft.KeyVault/vaults';

/** Sends many hints for one target whose connection never settles: ARM always shows an update in progress. */
export async function runBurst({ root, kind, hints }: BurstOrder): Promise<BurstFigures> {
  const system = await startMeteredSystem({ root, pollFloorSeconds: 1, azure: quickQuota });
  try {
    const { azure } = system;
    const targetId = await seedTarget(azure, { type, name: 'grow-stuck' });
    seedPending(azure, targetId, 'pe-stuck');
    azure.faults.add({ target: targetId, effect: { kind: 'provisioning-state', state: 'Updating' } });
    azure.requests.clear();
    let most = 0;
    for (let count = 0; count < hints; count += 1) {
      if (kind === 'events') await hint(system.host.webhook, [targetId]);
      else await system.host.run('sweep');
      most = Math.max(most, await system.messages());
    }
    await sleep(restSeconds * 1000);
    const left = await system.messages();
    return { kind, hints, most, left, reviews: targetReviews(azure.requests.records, targetId) };
  } finally {
    await system.close();
  }
}
