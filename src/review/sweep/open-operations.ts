import { type ConnectionId, idKey } from '../../connections/resource-id';
import type { Operation } from '../../operations/operation';
import type { Mode } from '../../policy/decision';
import type { FoundConnection } from './connection-finder';

/** The connections with an open operation whose alarm is still due. */
export interface OpenOperations {
  /** Adds an open operation. */
  add(connection: ConnectionId, operation: Operation): void;
  /**
   * Tells whether the found connection is certain to be in progress under this policy: its
   * operation is running, or planned behind a running one on the same target, whose end queues the
   * next review. An operation that another version of the policy planned must be decided anew.
   */
  has(found: FoundConnection, by: PolicyInForce): boolean;
}

/** The policy in force. With a new digest or a new mode, every connection is decided anew. */
export interface PolicyInForce {
  readonly digest: string;
  readonly mode: Mode;
}

/** Caps memory at about 6 MB. Operations beyond the cap are reviewed again, which is harmless. */
const defaultRoom = 20_000;

/** Creates an empty set of open operations with room for `room` of them. */
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
