import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../dev/lib/until';
import type { LocalAzureOptions } from '../../dev/azure';
import type { AppBuild } from '../system/app-build';
import { hint } from '../system/hint';
import { startSystem, type BenchSystem } from '../system/start-system';
import { startRecordingStorage, type RecordingStorage, type StorageRequest } from './recording-storage';
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
export function recordCalls(order: RecordOrder): Promise<Recorded> {
  return withRecording({ ...order, azure: instantVaults }, async (system, storage) => {
    // After the first connection, tables, queues and modules are ready.
    await settle(system, storage, [0]);
    const one = await settle(system, storage, [recordedIndex]);
    const all = await settle(system, storage, range(2, many));
    return { one, alone: one.storage.length, amongMany: all.storage.length / many };
  });
}

/** Runs `work` with a system whose app and host reach storage through a proxy that keeps every request. */
export async function withRecording<Result>(
  { root, app, azure }: RecordOrder & { readonly azure: LocalAzureOptions },
  work: (system: BenchSystem, storage: RecordingStorage) => Promise<Result>,
): Promise<Result> {
  const started: { storage?: RecordingStorage } = {};
  const system = await startSystem({
    root,
    app,
    azure,
    pollFloorSeconds: 1,
    storage: async (azurite) => {
      started.storage = await startRecordingStorage(azurite);
      return started.storage.connectionString;
    },
  });
  try {
    if (started.storage === undefined) throw new Error('The app has no storage');
    return await work(system, started.storage);
  } finally {
    await system.close();
    await started.storage?.close();
  }
}

async function settle(
  system: BenchSystem,
  storage: RecordingStorage,
  indices: readonly number[],
): Promise<Seen> {
  const { azure, host } = system;
  const ids = await seedVaults(azure, indices);
  storage.requests.splice(0);
  azure.requests.clear();
  await hint(host.webhook, ids);
  const asked = new Set(ids);
  const applied = async (): Promise<boolean> =>
    (await system.applied()).filter(({ target }) => asked.has(target)).length === ids.length;
  await until('all recorded connections are applied', applied);
  // The message is deleted after the record.
  await sleep(1_000);
  return {
    storage: busyRequests(storage),
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
