import { until } from '../../dev/lib/until';
import type { AppBuild } from '../system/app-build';
import { hintEach } from '../system/hint';
import { startMeteredSystem, type MeteredSystem } from '../system/metered-system';
import type { RecordingStorage, StorageRequest } from '../system/recording-storage';
import { recordedIndex, type Step } from './step';
import { instantVaults, range, seedVaults } from './world';

export interface Recorded {
  /** The calls for one connection alone. */
  readonly one: Seen;
  /**
   * Storage operations per connection, including the host's for the queues: for one connection alone, and for
   * one of many.
   */
  readonly alone: number;
  readonly amongMany: number;
}

export interface Seen {
  /** In the order of their beginnings, without reads of queues that found no message. */
  readonly storage: readonly StorageRequest[];
  readonly arm: readonly ArmRequest[];
}

export interface ArmRequest {
  readonly step: Step;
  readonly startedMs: number;
}

export interface RecordOrder {
  readonly root: string;
  readonly app: AppBuild;
}

const many = 40;

/** Records an app's calls for one connection, and counts them for many at once. */
export async function recordCalls({ root, app }: RecordOrder): Promise<Recorded> {
  const system = await startMeteredSystem({ root, app, azure: instantVaults, pollFloorSeconds: 1 });
  try {
    // After the first connection, tables, queues and modules are ready.
    await settle(system, [0]);
    const one = await settle(system, [recordedIndex]);
    const all = await settle(system, range(2, many));
    return { one, alone: one.storage.length, amongMany: all.storage.length / many };
  } finally {
    await system.close();
  }
}

async function settle(system: MeteredSystem, indices: readonly number[]): Promise<Seen> {
  const { azure, host, recording } = system;
  const vaults = await seedVaults(azure, indices);
  recording.requests.splice(0);
  azure.requests.clear();
  await hintEach(
    host.webhook,
    vaults.map(({ connection }) => connection),
  );
  const asked = new Set(vaults.map(({ target }) => target));
  const applied = async (): Promise<boolean> =>
    (await system.applied()).filter(({ target }) => asked.has(target)).length === vaults.length;
  await until('all recorded connections are applied', applied);
  // Messages are deleted, and leases released, after the record.
  await system.atRest();
  return {
    storage: busyRequests(recording),
    arm: azure.requests.records
      .filter(({ area }) => area === 'arm')
      .map(({ method, path, startedRealMs }) => ({
        step: { kind: 'arm', method, path },
        startedMs: startedRealMs,
      })),
  };
}

/** Returns the requests so far in the order of their beginnings, without reads of queues that found no message. */
export function busyRequests({ requests }: RecordingStorage): readonly StorageRequest[] {
  return requests.filter(({ isIdle }) => !isIdle).sort((one, other) => one.startedMs - other.startedMs);
}
