import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/base/clock';
import { connectionIdOf, parseTargetId } from '../../src/connections/resource-id';
import { createPolicySource } from '../../src/policy/source/policy-source';
import { sampleOperation, sampleRecord, sampleConnectionState } from '../../dev/lib/samples';
import { residentMemoryOf } from './resident-memory';
import { policyPath, startScaleSystem, type ScaleSystem } from './system';

/** Figures for many running operations, all of which wait for their next poll. */
export interface WaitingFigures {
  readonly kind: 'waiting';
  readonly operations: number;
  /** The duration of the observation. */
  readonly watchedSeconds: number;
  /** Invocations of any function during the observation. */
  readonly invocations: number;
  /**
   * Resident memory of the app's process in MB: without operations, with all of them, and the maximum in a
   * sweep over them.
   */
  readonly withoutMb: number;
  readonly waitingMb: number;
  readonly sweepPeakMb: number;
  readonly sweepSeconds: number;
  /** Connections that the sweep skipped, and targets for which it requested a review. */
  readonly inHand: number;
  readonly asked: number;
  readonly sweepStorageCalls: number;
}

export interface WaitingOrder {
  readonly root: string;
  readonly operations: number;
  readonly watchSeconds: number;
}

/**
 * Measures waiting operations. The app sweeps an empty table first, so that modules are loaded before the
 * comparison.
 */
export async function runWaiting(order: WaitingOrder): Promise<WaitingFigures> {
  const { root, operations, watchSeconds } = order;
  const disabled = ['followPolicy', 'reviewTarget'];
  const system = await startScaleSystem({ root, targets: operations, connectionsPerTarget: 1, disabled });
  try {
    const memory = residentMemoryOf(system.host.pid);
    await system.run('sweep');
    const withoutMb = memory.now();
    await seedOperations(system, await policyInForce(root));
    const before = total(system.begun);
    await sleep(watchSeconds * 1000);
    const invocations = total(system.begun) - before;
    const waitingMb = memory.now();
    memory.forget();
    system.storage.clear();
    const began = performance.now();
    await system.run('sweep');
    const sweepSeconds = (performance.now() - began) / 1000;
    const { last } = await system.ports.sweepJournal.read();
    return {
      kind: 'waiting',
      operations,
      watchedSeconds: watchSeconds,
      invocations,
      withoutMb,
      waitingMb,
      sweepPeakMb: memory.peak(),
      sweepSeconds,
      inHand: last?.inHand ?? NaN,
      asked: last?.asked ?? NaN,
      sweepStorageCalls: system.storage.operations.filter(({ isIdle }) => !isIdle).length,
    };
  } finally {
    await system.close();
  }
}

interface InForce {
  readonly digest: string;
  readonly mode: 'enforce' | 'audit';
}

async function policyInForce(root: string): Promise<InForce> {
  const path = policyPath(root);
  const source = createPolicySource({ path, modeOverride: undefined, clock: systemClock, reader: undefined });
  const loaded = await source.current();
  if (loaded.kind === 'refused') throw new Error('The shipped policy did not load');
  return loaded.policy;
}

const atOnce = 32;
const dueInSeconds = 3600;

/** Stores operations as a review and its polls leave them: one row each, and a hidden message. */
async function seedOperations({ azure, ports }: ScaleSystem, policy: InForce): Promise<void> {
  const connections = [...azure.world.targets.values()].flatMap(({ connections }) => [
    ...connections.values(),
  ]);
  const now = systemClock.now();
  const dueAt = new Date(now.getTime() + dueInSeconds * 1000).toISOString();
  const decided = sampleRecord({ policyDigest: policy.digest, mode: policy.mode });
  const seedNext = async (): Promise<void> => {
    for (let next = connections.pop(); next !== undefined; next = connections.pop()) {
      const target = parseTargetId(next.target.id);
      const connection = connectionIdOf(target, next.name);
      const operation = sampleOperation({ decided, plannedAt: now.toISOString(), dueAt });
      await ports.operationStore.save(target, [sampleConnectionState({ connection, operation })]);
      const call = { version: 1, connectionId: connection.id, operationId: operation.id, poll: 3 } as const;
      await ports.alarm.ring(call, dueInSeconds);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, seedNext));
}

function total(begun: ReadonlyMap<string, number>): number {
  return [...begun.values()].reduce((sum, count) => sum + count, 0);
}
