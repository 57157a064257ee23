import { addSeconds } from '../../base/clock';
import { parseConnectionId } from '../../connections/resource-id';
import { isHeldByLimit, type ConnectionState } from '../../operations/operation';
import type { OperationStore } from '../../operations/operation-store';
import type { OpenState } from '../api';
import type { ConsoleIndex } from './console-index';
import type { Change, OpenEntry } from './entries';

/** A record about whatever waits renews its entry daily; one that is older was missed, or is over. */
const freshSeconds = 25 * 60 * 60;

/** The ports of `mendEntries`. */
export interface MendPorts {
  readonly index: Pick<ConsoleIndex, 'change'>;
  readonly operations: Pick<OperationStore, 'get'>;
}

/**
 * Compares old entries with the rows that decide, and mends those that differ. Returns the entries that are
 * in one of `states` after that.
 * @throws PosternError STORE_UNAVAILABLE
 */
export async function mendEntries(
  ports: MendPorts,
  entries: readonly OpenEntry[],
  { states, now }: { readonly states: readonly OpenState[]; readonly now: Date },
): Promise<readonly OpenEntry[]> {
  const isOld = ({ at }: OpenEntry): boolean => addSeconds(new Date(at), freshSeconds) < now;
  const mended: OpenEntry[] = [];
  const changes: Change[] = [];
  for (const entry of entries) {
    const change = isOld(entry) ? await changeOf(ports, entry, now) : undefined;
    if (change !== undefined) changes.push(change);
    const after = change === undefined ? entry : change.kind === 'remove' ? undefined : change.entry;
    if (after !== undefined && states.includes(after.state)) mended.push(after);
  }
  if (changes.length > 0) await ports.index.change(changes);
  return mended;
}

async function changeOf({ operations }: MendPorts, entry: OpenEntry, now: Date): Promise<Change> {
  const row = await operations.get(parseConnectionId(entry.connection));
  const state = stateOf(row, entry);
  if (state === undefined) return { kind: 'remove', key: entry.key };
  return { kind: 'put', entry: { ...entry, state, at: now.toISOString() } };
}

/** Returns the state that a connection's row states; `undefined` if nothing is open in that status any more. */
export function stateOf(
  row: ConnectionState | undefined,
  { firstSeen }: Pick<OpenEntry, 'firstSeen'>,
): OpenState | undefined {
  if (row === undefined || Date.parse(row.firstSeen) !== Date.parse(firstSeen)) return undefined;
  const { decisionId, operation, status } = row;
  if (operation !== undefined && operation.decisionId === decisionId) {
    if (isHeldByLimit(operation)) return 'limited';
    if (operation.state === 'abandoned') return 'given up';
    return operation.state === 'applied' || operation.state === 'superseded' ? undefined : 'working';
  }
  if (status.toLowerCase() !== 'pending') return undefined;
  return row.answer === undefined ? 'held' : 'answered';
}
