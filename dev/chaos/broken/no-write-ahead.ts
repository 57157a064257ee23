import type { Ledger } from '../../../src/audit/audit-log';
import type { AuditRecord } from '../../../src/audit/audit-record';
import {
  createStorage as createRealStorage,
  type Storage,
  type StorageOptions,
} from '../../../src/azure/storage/storage';
import { isUnconfirmed, type ConnectionState } from '../../../src/operations/operation';
import type { OperationStore } from '../../../src/operations/operation-store';

/**
 * Creates storage that is broken on purpose: a decision and its plan stay in memory until the write was
 * answered, and only then become durable. Unless a process dies in between, the tables do not show it.
 */
export function createStorage(options: StorageOptions): Broken {
  const real = createRealStorage(options);
  const decided = new Map<string, AuditRecord>();
  const planned = new Map<string, ConnectionState>();

  /** Records a decision once its write was sent. */
  async function writeDown(decisionId: string | undefined): Promise<void> {
    const record = decided.get(decisionId ?? '');
    if (record === undefined) return;
    decided.delete(record.decisionId ?? '');
    await real.ledger.append([record]);
  }

  const ledger: Ledger = {
    append: async (records) => {
      const later = records.filter(({ kind, effect }) => kind === 'decided' && effect !== 'hold');
      for (const record of later) decided.set(record.decisionId ?? '', record);
      const rest = records.filter((record) => !later.includes(record));
      for (const { decisionId } of rest) await writeDown(decisionId);
      return [...later, ...(await real.ledger.append(rest))];
    },
  };
  const store: Pick<OperationStore, 'load' | 'save'> = {
    load: async (target) => {
      const state = await real.operationStore.load(target);
      const kept = [...planned.values()].filter(({ connection }) => connection.target.key === target.key);
      const stored = state.connectionStates.filter(({ connection }) => !planned.has(connection.key));
      return { ...state, connectionStates: [...stored, ...kept] };
    },
    save: async (target, rows, mark) => {
      for (const row of rows) {
        if (isAhead(row)) planned.set(row.connection.key, row);
        else planned.delete(row.connection.key);
        if (!isAhead(row)) await writeDown(row.operation?.decisionId);
      }
      const durable = rows.filter((row) => !isAhead(row));
      const saved = await real.operationStore.save(target, durable, mark);
      const byKey = new Map(saved.rows.map((row) => [row.connection.key, row]));
      return { ...saved, rows: rows.map((row) => byKey.get(row.connection.key) ?? row) };
    },
  };
  // All other methods are those of the real store.
  const operationStore = Object.assign(Object.create(real.operationStore) as OperationStore, store);
  return { ...real, ledger, operationStore };
}

/** Returns whether a row is saved before the write is sent: as planned, or as about to be sent. */
function isAhead({ operation }: ConnectionState): boolean {
  return operation !== undefined && (operation.state === 'planned' || isUnconfirmed(operation));
}

type Broken = Omit<Storage, 'ledger' | 'operationStore'> & {
  readonly ledger: Ledger;
  readonly operationStore: OperationStore;
};
