import type { ConnectionId, EndpointId } from './resource-id';

/** A private endpoint connection as ARM listed it: the few fields Postern uses, parsed once, at the border. */
export interface Connection {
  readonly id: ConnectionId;
  /** The requester's endpoint; absent when ARM names none, or one whose id cannot be parsed. */
  readonly endpoint: EndpointId | undefined;
  /** `privateEndpoint.id` verbatim: writes must carry it as it came. */
  readonly endpointText: string | undefined;
  /** Verbatim; usually Pending, Approved, Rejected or Disconnected, but providers send others, too. */
  readonly status: string;
  /** The description. While the connection is Pending this is the request message. `''` when there is none. */
  readonly message: string;
  /** Verbatim; providers send values that are in no enum. */
  readonly provisioningState: string | undefined;
  /**
   * How far the provider is, where the row of the target's type tells it: from the state and the status together.
   * Absent: `progressOf` reads the state by its usual meaning.
   */
  readonly progress?: Progress | undefined;
  /** The requested parts of the target, where the provider states them (API Management). */
  readonly groupIds: readonly string[];
  readonly etag: string | undefined;
}

/**
 * `final`: nothing is in progress. `working`: an operation is in progress. `unknown`: the state is undocumented,
 * empty or absent, so that it proves nothing and may never change.
 */
export type Progress = 'final' | 'working' | 'unknown';

/** The states of a provider that has ended its work, well or not, in lower case. */
export const finalStates: ReadonlySet<string> = new Set([
  'succeeded',
  'ready',
  'failed',
  'canceled',
  'cancelled',
  'disconnected',
]);

const workingStates: ReadonlySet<string> = new Set(['creating', 'updating', 'deleting']);

/** Tells how far the provider is. */
export function progressOf({
  provisioningState = '',
  progress,
}: Pick<Connection, 'provisioningState' | 'progress'>): Progress {
  if (progress !== undefined) return progress;
  const state = provisioningState.toLowerCase();
  if (finalStates.has(state)) return 'final';
  return workingStates.has(state) ? 'working' : 'unknown';
}

/**
 * Tells whether the provider is not working on the resource. An undocumented state counts as work in
 * progress; a missing one does not, because some providers send none.
 */
export function isSettled(connection: Pick<Connection, 'provisioningState'>): boolean {
  return (
    connection.provisioningState === undefined || finalStates.has(connection.provisioningState.toLowerCase())
  );
}

/** Tells whether a connection has that status; case is ignored. */
export function hasStatus(connection: Pick<Connection, 'status'>, status: string): boolean {
  return connection.status.toLowerCase() === status.toLowerCase();
}
