import { setTimeout as sleep } from 'node:timers/promises';
import {
  createStorage as createRealStorage,
  type Storage,
  type StorageOptions,
} from '../../../src/azure/storage/storage';
import type { OperationStore } from '../../../src/operations/operation-store';
import type { TargetLease } from '../../../src/review/target-lease';

/**
 * The age of a target's rows when a review acts on them, long enough for the other instance to start a
 * review, too.
 */
const staleMs = 1_500;

/**
 * Creates storage that is broken on purpose: every caller gets the lease of every target, no write is fenced
 * off, and the last save of a row wins. Row versions are removed with the lease, because they alone make most reviews of two
 * instances take turns. Storage is slow, so that the problem appears in every run.
 */
export function createStorage(options: StorageOptions): Broken {
  const real = createRealStorage(options);
  const targetLease: TargetLease = {
    acquire: async () => ({ fence: () => undefined, release: async () => undefined }),
  };

  const operationStore: OperationStore = {
    load: async (target) => {
      const rows = await real.operationStore.load(target);
      await sleep(staleMs);
      return rows;
    },
    get: (connection) => real.operationStore.get(connection),
    save: async (target, rows, mark) => {
      const newest = await real.operationStore.load(target);
      const versions = new Map(newest.connectionStates.map((row) => [row.connection.key, row.version]));
      const current = rows.map((row) => ({ ...row, version: versions.get(row.connection.key) }));
      return real.operationStore.save(target, current, mark && { ...mark, version: newest.version });
    },
    overdue: (instant) => real.operationStore.overdue(instant),
    waitingForPerson: (what) => real.operationStore.waitingForPerson(what),
    endedApprovals: (instant) => real.operationStore.endedApprovals(instant),
  };
  return { ...real, operationStore, targetLease };
}

type Broken = Omit<Storage, 'operationStore' | 'targetLease'> & {
  readonly operationStore: OperationStore;
  readonly targetLease: TargetLease;
};
