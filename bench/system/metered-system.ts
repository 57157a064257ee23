import { QueueClient } from '@azure/storage-queue';
import type { LocalAzureOptions } from '../../dev/azure';
import type { RunningAzurite } from '../../dev/lib/azurite';
import { createStorage, defaultStorageNames, type Storage } from '../../src/azure/storage/storage';
import { systemClock } from '../../src/base/clock';
import type { AppBuild } from './app-build';
import { startRecordingStorage, type RecordingStorage } from './recording-storage';
import { startSystem, type BenchSystem } from './start-system';
import { until } from '../../dev/lib/until';
import { createStorageClients } from '../../src/azure/storage/clients';

/** The app, with a recording of every storage request that it and its host make. */
export interface MeteredSystem extends BenchSystem {
  readonly recording: RecordingStorage;
  /** The same storage without recording. */
  readonly ports: Storage;
  /**
   * Returns the number of messages in the queue `reviews`, including hidden ones and those being processed.
   */
  messages(): Promise<number>;
  /** Resolves when nothing has happened for four seconds. Rejects after a timeout. */
  atRest(): Promise<void>;
}

export interface MeteredOptions {
  readonly root: string;
  /** The app to run. Default: that of this working tree. */
  readonly app?: AppBuild | undefined;
  readonly azure?: LocalAzureOptions | undefined;
  readonly pollFloorSeconds?: number | undefined;
  readonly settings?: Readonly<Record<string, string>> | undefined;
}

export async function startMeteredSystem(options: MeteredOptions): Promise<MeteredSystem> {
  const opened: { recording?: RecordingStorage } = {};
  const storage = async (azurite: RunningAzurite): Promise<string> => {
    opened.recording = await startRecordingStorage(azurite);
    return opened.recording.connectionString;
  };
  const system = await startSystem({ ...options, storage }).catch(async (error: unknown) => {
    await opened.recording?.close();
    throw error;
  });
  const { recording } = opened;
  if (recording === undefined) throw new Error('The app uses another storage account');
  const { connectionString } = system.azurite;
  const queue = new QueueClient(connectionString, defaultStorageNames.reviewsQueue);
  return {
    ...system,
    recording,
    ports: createStorage({
      clients: createStorageClients({ kind: 'connectionString', connectionString }, systemClock),
      clock: systemClock,
    }),
    messages: async () => {
      await queue.createIfNotExists();
      return (await queue.getProperties()).approximateMessagesCount ?? NaN;
    },
    atRest: () => atRest(recording),
    close: async () => {
      await system.close();
      await recording.close();
    },
  };
}

/** Longer than the interval between two reads of a queue, and than the delay that lets events settle. */
const restSeconds = 4;

async function atRest({ requests }: RecordingStorage): Promise<void> {
  let busy = -1;
  let since = performance.now();
  await until('the app is idle', () => {
    const now = requests.filter(({ isIdle }) => !isIdle).length;
    if (now !== busy) since = performance.now();
    busy = now;
    return performance.now() - since >= restSeconds * 1000;
  });
}
