import type { ConnectionId, EndpointId } from '../../connections/resource-id';

/** The endpoint or connection that `postern wait` waits for. */
export type Watched = {
  /** Whether to read the deployment's storage too; only there is a hold visible. */
  readonly ledger: boolean;
} & (
  | { readonly kind: 'endpoint'; readonly id: EndpointId }
  | { readonly kind: 'connection'; readonly id: ConnectionId }
);

/** Polls an endpoint or a connection. */
export interface Watch {
  /**
   * Reads the current state. A transient error is returned as `unavailable`.
   * @throws ArmError if ARM refuses; PosternError if storage does.
   */
  poll(): Promise<Seen>;
  /** Resolves after this many seconds. */
  sleep(seconds: number): Promise<void>;
}

/** Result of one poll. */
export type Seen =
  | { readonly kind: 'gone' }
  /** ARM or storage is throttling or unavailable. */
  | {
      readonly kind: 'unavailable';
      readonly problem: string;
      readonly retryAfterSeconds?: number | undefined;
    }
  | {
      readonly kind: 'seen';
      /** False while Azure is still updating the endpoint or connection. */
      readonly isSettled: boolean;
      readonly connections: readonly SeenConnection[];
      /** Why holds could not be read in this poll. */
      readonly problem?: string | undefined;
    };

/** The state of one connection, as a poll returned it. */
export interface SeenConnection {
  /** The connection's name at the endpoint, or at the target. */
  readonly name: string;
  /** The status as Azure returns it; usually Pending, Approved, Rejected or Disconnected. */
  readonly status: string;
  /** The description beside the status: the request message, followed by Postern's note. */
  readonly description: string;
  /** Why the connection is held for a person; absent if it is not held, or if that is unknown. */
  readonly held?: string | undefined;
}

/** The part of the host that polls an endpoint or a connection. */
export interface WatchHost {
  /** Creates the poller; connects with the first poll. @throws PosternError CONFIG_INVALID */
  watch(watched: Watched): Watch;
}
