import { RestError, TableClient, type TableEntityResult } from '@azure/data-tables';
import { localIdentity, type StartedAzure } from '../azure';
import { findConnectionById } from '../azure/model/world';
import { recordFromRow } from '../../src/azure/storage/tables/ledger-row';
import type { Evidence, LedgerEntry, OpenOperation, OperationSpan, Subject } from './check/evidence';
import type { Driven } from './drive';
import type { Answerers } from './people/answerers';
import type { ChaosPlan } from './plan/plan';
import { sweepSeconds } from './system';
import type { Recorder } from './recorder';
import { approvalSeconds } from './write-policy';

export interface Gathering {
  readonly plan: ChaosPlan;
  readonly azure: StartedAzure;
  readonly recorder: Recorder;
  readonly connectionString: string;
  readonly driven: Pick<Driven, 'kills' | 'movedMs'>;
  readonly answerers: Pick<Answerers, 'attempts' | 'retaggings'>;
}

/** Collects the evidence: the local Azure's state and log, and the rows of both tables. */
export async function gather(from: Gathering): Promise<Evidence> {
  return {
    postern: localIdentity.objectId,
    subjects: subjectsOf(from),
    requests: [...from.recorder.requests].sort((one, other) => one.sequence - other.sequence),
    operations: [...from.azure.world.operations.values()].map(
      ({ id, targetId, startedAt, endedAt }): OperationSpan => ({
        id,
        targetId,
        startedMs: startedAt.getTime(),
        endedMs: endedAt?.getTime(),
      }),
    ),
    history: from.recorder.history,
    ledger: await readLedger(from.connectionString),
    open: await readOpen(from.connectionString),
    attempts: from.answerers.attempts,
    retaggings: from.answerers.retaggings,
    killedMs: from.driven.kills,
    movedMs: from.driven.movedMs,
    sweepMs: sweepSeconds * 1000,
    approvalMs: approvalSeconds * 1000,
  };
}

export function subjectsOf({
  plan,
  azure,
  recorder,
}: Pick<Gathering, 'plan' | 'azure' | 'recorder'>): Subject[] {
  const lastBy = new Map(recorder.history.map(({ connectionId, by }) => [connectionId, by]));
  const traits = new Map(plan.targets.map(({ id, trait }) => [id, trait]));
  return plan.connections.map(({ label, endpointId, expectedEffects, requester, targetId }) => {
    const ids = recorder.connectionsOf(endpointId);
    const connectionId = ids.at(-1);
    const connection = connectionId === undefined ? undefined : findConnectionById(azure.world, connectionId);
    return {
      label,
      endpointId,
      connectionId,
      earlierIds: ids.slice(0, -1),
      expectedEffects,
      requester,
      trait: traits.get(targetId),
      status: connection?.status ?? 'gone',
      by: connectionId === undefined ? undefined : lastBy.get(connectionId),
    };
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

/** Yields the rows of a table, or none if the app has not created it yet. */
async function* rowsOf(connectionString: string, name: string, filter?: string): AsyncGenerator<Row> {
  const options = { allowInsecureConnection: true };
  const table = TableClient.fromConnectionString(connectionString, name, options);
  try {
    yield* table.listEntities({ queryOptions: filter === undefined ? {} : { filter } });
  } catch (error) {
    if (!(error instanceof RestError) || error.statusCode !== 404) throw error;
  }
}

type Row = TableEntityResult<Record<string, unknown>>;
