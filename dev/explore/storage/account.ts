import { SimulatedContainer } from './blob/container';
import { createIds, type Ids } from './ids';
import { SimulatedQueue } from './queue/queue';
import type { StoredRow } from './table/entity';
import { SimulatedTable, type RowChange, type TableOptions } from './table/table';

export interface SimulatedAccountOptions {
  /** The service's clock, in milliseconds. */
  readonly now: () => number;
  /** Returns a number from 0 (included) to 1 (excluded). */
  readonly random: () => number;
  readonly rowsPerPage?: TableOptions['rowsPerPage'];
  /** Called with each row that is written, and with each that is removed. */
  readonly onRow?: (table: string, change: RowChange, row: StoredRow) => void;
}

/**
 * A storage account in memory. A table, queue or container of any name can be asked for; until somebody
 * creates it, it answers as a missing one. All answers come at once; all reads besides the calls are for a
 * judge.
 */
export interface SimulatedAccount {
  table(name: string): SimulatedTable;
  queue(name: string): SimulatedQueue;
  container(name: string): SimulatedContainer;
  /** The names that were asked for so far. */
  names(): { readonly tables: string[]; readonly queues: string[]; readonly containers: string[] };
  readonly ids: Ids;
}

/** Creates an empty account. Its only sources of time and chance are the options. */
export function createSimulatedAccount({
  now,
  random,
  rowsPerPage,
  onRow,
}: SimulatedAccountOptions): SimulatedAccount {
  const ids = createIds(now, random);
  const tables = new Map<string, SimulatedTable>();
  const queues = new Map<string, SimulatedQueue>();
  const containers = new Map<string, SimulatedContainer>();
  return {
    table: (name) =>
      known(
        tables,
        name,
        () => new SimulatedTable({ ids, rowsPerPage, onRow: (change, row) => onRow?.(name, change, row) }),
      ),
    queue: (name) => known(queues, name, () => new SimulatedQueue(ids, now)),
    container: (name) => known(containers, name, () => new SimulatedContainer(now)),
    names: () => ({
      tables: [...tables.keys()],
      queues: [...queues.keys()],
      containers: [...containers.keys()],
    }),
    ids,
  };
}

function known<T>(all: Map<string, T>, name: string, create: () => T): T {
  const present = all.get(name) ?? create();
  all.set(name, present);
  return present;
}
