import type { AuditRecord } from '../../audit/audit-record';
import { describeError, isStorageError } from '../../base/errors';
import type { Connection } from '../../connections/connection';
import type { ConnectionId } from '../../connections/resource-id';
import { type ConnectionState, isHeldByLimit, type Operation } from '../../operations/operation';
import type { TargetState } from '../../operations/operation-store';
import { limitedKindOf } from '../../review/limits/write-limit';
import type { ConnectionRecords } from './connection-records';

/** Everything that Azure and a deployment know about one connection. */
export interface ConnectionStory {
  readonly id: ConnectionId;
  /** As Azure lists it; absent if it does not, or could not be asked. */
  readonly connection: Connection | undefined;
  /** Postern's row; absent if it has none. */
  readonly row: ConnectionState | undefined;
  /** The last decision in the ledger. */
  readonly decided: AuditRecord | undefined;
  /** The digest of the policy that the app decides by. */
  readonly policyDigest: string | undefined;
  /** What happens next, and when; absent if nothing is due. */
  readonly next: Next | undefined;
  /** The audit records, oldest first. */
  readonly history: readonly AuditRecord[];
  /** Why a part could not be read. */
  readonly problems: readonly string[];
}

/** What happens next to a connection. */
export interface Next {
  readonly what: string;
  /** ISO 8601; absent if a person must act. */
  readonly at?: string | undefined;
}

/** The most records that are read of one connection: more than any has in years, unless somebody provokes them. */
const mostRecords = 2_000;

/**
 * Reads what a deployment knows about a connection. A part that cannot be read becomes a problem, so that the others
 * are shown.
 */
export async function readStory(
  records: ConnectionRecords | undefined,
  { id, connection }: Pick<ConnectionStory, 'id' | 'connection'>,
): Promise<ConnectionStory> {
  const problems: string[] = [];
  const read = async <Part>(what: string, part: Promise<Part> | undefined): Promise<Part | undefined> => {
    try {
      return await part;
    } catch (error) {
      if (!isStorageError(error)) throw error;
      problems.push(`${what} could not be read: ${describeError(error)}`);
      return undefined;
    }
  };
  if (records === undefined)
    problems.push(
      "the deployment's storage is not set (AzureWebJobsStorage, or AzureWebJobsStorage__accountName), so that only Azure was asked",
    );
  const state = await read("Postern's rows", records?.operations.load(id.target));
  const row = state?.connectionStates.find((each) => each.connection.key === id.key);
  const spelled = row?.connection ?? id;
  const history = [...((await read('the ledger', records?.history(spelled, mostRecords))) ?? [])].sort(
    byTime,
  );
  const policyDigest = await read('the policy in force', records?.policyDigest());
  const decided = history.findLast(({ kind }) => kind === 'decided');
  return { id, connection, row, decided, policyDigest, next: nextOf(row, state), history, problems };
}

function byTime(one: AuditRecord, other: AuditRecord): number {
  return one.at < other.at ? -1 : one.at > other.at ? 1 : one.id < other.id ? -1 : 1;
}

function nextOf(row: ConnectionState | undefined, state: TargetState | undefined): Next | undefined {
  const operation = row?.operation && nextOfOperation(row.operation);
  if (operation !== undefined) return operation;
  if (row?.unclear !== undefined && state?.againAt !== undefined)
    return { what: `another review, because ${row.unclear.why}`, at: state.againAt };
  if (row?.approval !== undefined && row.status.toLowerCase() === 'approved')
    return { what: 'the approval ends', at: row.approval.endsAt };
  return state?.againAt === undefined ? undefined : { what: 'another review', at: state.againAt };
}

function nextOfOperation(operation: Operation): Next | undefined {
  const { state, dueAt, retryAt } = operation;
  if (state === 'running') return { what: 'the next poll', at: dueAt };
  if (isHeldByLimit(operation)) {
    const kind = limitedKindOf(operation) ?? 'revocations';
    return { what: `a limit holds the write until a person lifts it: postern lift ${kind} --yes` };
  }
  if (state === 'planned') return { what: 'the write', at: dueAt };
  if (state === 'abandoned') return { what: 'given up: a person must requeue it (postern retry)' };
  return retryAt === undefined ? undefined : { what: 'the next attempt', at: retryAt };
}
