import { RestError, TableClient, type TableEntityResult } from '@azure/data-tables';
import { localIdentity, type StartedAzure } from '../azure';
import { findConnectionById } from '../azure/world';
import { recordFromRow } from '../../src/azure/table-ledger-row';
import type { Evidence, LedgerEntry, OpenOperation, OperationSpan, Subject } from './check/evidence';
import type { ChaosPlan } from './plan';
import type { Witness } from './witness';

export interface Gathering {
  readonly plan: ChaosPlan;
  readonly azure: StartedAzure;
  readonly witness: Witness;
  readonly connectionString: string;
}

/** What is known now: the local Azure's own state and log, and the two tables as they are stored. */
export async function gather(from: Gathering): Promise<Evidence> {
  return {
    postern: localIdentity.objectId,
    subjects: subjectsOf(from),
    requests: [...from.witness.requests].sort((one, other) => one.sequence - other.sequence),
    operations: [...from.azure.world.operations.values()].map(
      ({ id, targetId, startedAt, endedAt }): OperationSpan => ({
        id,
        targetId,
        startedMs: startedAt.getTime(),
        endedMs: endedAt?.getTime(),
      }),
    ),
    history: from.witness.history,
    ledger: await readLedger(from.connectionString),
    open: await readOpen(from.connectionString),
  };
}

export function subjectsOf({
  plan,
  azure,
  witness,
}: Pick<Gathering, 'plan' | 'azure' | 'witness'>): Subject[] {
  return plan.connections.map(({ label, endpointId, wishes }) => {
    const connectionId = witness.connectionOf(endpointId);
    const connection = connectionId === undefined ? undefined : findConnectionById(azure.world, connectionId);
    return { label, connectionId, wishes, status: connection?.status ?? 'gone' };
  });
}

async function readLedger(connectionString: string): Promise<readonly LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for await (const row of rowsOf(connectionString, 'ledger')) {
    entries.push({ record: recordFromRow(row), storedMs: Date.parse(row.timestamp ?? '') });
  }
  return entries;
}

async function readOpen(connectionString: string): Promise<readonly OpenOperation[]> {
  const filter = "operationState eq 'planned' or operationState eq 'running'";
  const open: OpenOperation[] = [];
  for await (const row of rowsOf(connectionString, 'operations', filter)) {
    open.push({ connectionId: String(row['connectionId']), state: String(row['operationState']) });
  }
  return open;
}

type Row = TableEntityResult<Record<string, unknown>>;

/** A table that nobody has written to yet does not exist: it is empty. */
async function* rowsOf(connectionString: string, name: string, filter?: string): AsyncGenerator<Row> {
  const options = { allowInsecureConnection: true };
  const table = TableClient.fromConnectionString(connectionString, name, options);
  try {
    yield* table.listEntities(filter === undefined ? {} : { queryOptions: { filter } });
  } catch (error) {
    if (!(error instanceof RestError) || error.statusCode !== 404) throw error;
  }
}
