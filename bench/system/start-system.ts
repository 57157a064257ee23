import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalAzure, type LocalAzureOptions, type StartedAzure } from '../../dev/azure';
import { startAzurite, type RunningAzurite } from '../../dev/lib/azurite';
import type { AuditRecord } from '../../src/audit/audit-record';
import { createStorage } from '../../src/azure/storage/storage';
import { systemClock } from '../../src/base/clock';
import { openTogether } from '../../dev/lib/cleanup-stack';
import { presentBuild, type AppBuild } from './app-build';
import { startBenchHost, type BenchHost } from './host-client';
import { createStorageClients } from '../../src/azure/storage/clients';

/** The local storage and the local Azure, without the app. */
export interface Ground {
  readonly azure: StartedAzure;
  readonly azurite: RunningAzurite;
  close(): Promise<void>;
}

/** The app in one process, its host in another, and the local Azure in this one. */
export interface BenchSystem extends Ground {
  readonly host: BenchHost;
  /** Returns all `applied` records. */
  applied(): Promise<readonly AuditRecord[]>;
}

export interface GroundOptions {
  readonly azure?: LocalAzureOptions | undefined;
}

export interface SystemOptions extends GroundOptions {
  readonly root: string;
  /** The app to run. Default: that of this working tree. */
  readonly app?: AppBuild | undefined;
  /** Whole seconds, at least 1. Absent: each provider's own interval. */
  readonly pollFloorSeconds?: number | undefined;
  /** Returns the connection string that the app uses. Default: that of Azurite. */
  readonly storage?: ((azurite: RunningAzurite) => Promise<string>) | undefined;
  /** More settings of the app. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
  /** Arguments of the app's process, e.g. for a profile. */
  readonly nodeArgs?: readonly string[] | undefined;
}

export async function startGround({ azure: options }: GroundOptions): Promise<Ground> {
  return openTogether(async (cleanup) => {
    const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
    cleanup.push(() => rm(folder, { recursive: true, force: true }));
    // The garbage of storage is not part of any measurement.
    const azurite = await startAzurite({ keepsGarbage: true });
    cleanup.push(() => azurite.close());
    const azure = await startLocalAzure({ ...options, certFile: join(folder, 'ca.pem') });
    cleanup.push(() => azure.close());
    return { azure, azurite, close: () => cleanup.close() };
  });
}

/**
 * Starts the deployed bundle without Application Insights and without timers, so that only the work for
 * connections is measured.
 */
export async function startSystem(options: SystemOptions): Promise<BenchSystem> {
  const { root, app = presentBuild(root), pollFloorSeconds, nodeArgs = [] } = options;
  const ground = await startGround(options);
  const { azure, azurite } = ground;
  const storage = (await options.storage?.(azurite)) ?? azurite.connectionString;
  const host = await startBenchHost(root, {
    appDirectory: app.directory,
    workerPath: join(root, 'dist/dev/host-worker.mjs'),
    settings: {
      AzureWebJobsStorage: storage,
      POLICY_PATH: app.policyPath,
      'AzureWebJobs.sweep.Disabled': 'true',
      'AzureWebJobs.followPolicy.Disabled': 'true',
      ...(pollFloorSeconds === undefined ? {} : { POLL_FLOOR_SECONDS: String(pollFloorSeconds) }),
      ...options.settings,
    },
    env: { ...azure.environment, APPLICATIONINSIGHTS_CONNECTION_STRING: '' },
    nodeArgs: [...nodeArgs],
  }).catch(async (error: unknown) => {
    await ground.close();
    throw error;
  });
  const access = { kind: 'connectionString' as const, connectionString: azurite.connectionString };
  const { ledger } = createStorage({
    clients: createStorageClients(access, systemClock),
    clock: systemClock,
  });
  return {
    ...ground,
    host,
    applied: async () => {
      const records: AuditRecord[] = [];
      for await (const record of ledger.read()) if (record.kind === 'applied') records.push(record);
      return records;
    },
    close: async () => {
      await host.close();
      await ground.close();
    },
  };
}
