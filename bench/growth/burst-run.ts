import { hint } from '../system/hint';
import { seedPending, seedTarget } from '../system/seed';
import { startMeteredSystem } from './metered-system';
import { targetReviews } from './review-cost';

export type BurstKind = 'events' | 'sweeps';

export interface BurstFigures {
  readonly kind: BurstKind;
  /** How many came about the one target. */
  readonly hints: number;
  /** Messages in the queue `reviews`: the most that were seen while they came, and what was left when all was quiet. */
  readonly most: number;
  readonly left: number;
  /** How often the target was read meanwhile. */
  readonly reviews: number;
}

export interface BurstOrder {
  readonly root: string;
  readonly kind: BurstKind;
  readonly hints: number;
}

/** By then every hint that met a review, and was put back for a while, has come again. */
const restSeconds = 12;

/** Resource Graph takes 15 queries in five seconds of this clock. */
const quickQuota = { speed: 20 };

const type = 'Microsoft.KeyVault/vaults';

/** Many hints about one target whose connection stays in between: ARM says of it that an update is going on, for ever. */
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
    await system.atRest(restSeconds);
    const left = await system.messages();
    return { kind, hints, most, left, reviews: targetReviews(azure.requests.records, targetId) };
  } finally {
    await system.close();
  }
}
