import { type ConnectionId, idKey } from '../../connections/resource-id';
import type { Operation } from '../../operations/operation';
import type { Mode } from '../../policy/decision';
import type { FoundConnection } from './connection-finder';

/** Connections with an open operation whose alarm will ring. */
export interface OpenOperations {
  add(connection: ConnectionId, operation: Operation): void;
  /**
   * True only when the found connection is surely being worked on, and by this policy: its operation is running, or
   * planned behind one that is running on the same target, whose end comes back to it. An operation that another
   * version of the policy planned must be decided anew.
   */
  has(found: FoundConnection, by: PolicyInForce): boolean;
}

/** What decides: a new digest or a new mode makes every answer a new one. */
export interface PolicyInForce {
  readonly digest: string;
  readonly mode: Mode;
}

/** About 6 MB. What finds no room is not in hand, and costs no more than a review that finds nothing to do. */
const defaultRoom = 20_000;

export function createOpenOperations(room = defaultRoom): OpenOperations {
  const plannedBy = new Map<string, string>();
  const busyTargets = new Set<string>();
  return {
    add(connection, { decided, state }) {
      if (plannedBy.size >= room) return;
      if (state === 'running') busyTargets.add(connection.target.key);
      plannedBy.set(connection.key, versionOf(decided.policyDigest, decided.mode));
    },
    has({ targetId, connectionId }, { digest, mode }) {
      const key = idKey(connectionId ?? '');
      if (!busyTargets.has(targetId.key) || !key.startsWith(`${targetId.key}/`)) return false;
      return plannedBy.get(key) === versionOf(digest, mode);
    },
  };
}

function versionOf(digest: string | undefined, mode: Mode | undefined): string {
  return `${digest} ${mode}`;
}
