import type { ConnectionId, EndpointId } from '../../connections/resource-id';

/** What a person waits for. */
export type Watched = {
  /** Asks the ledger, too: only there a hold can be seen. */
  readonly ledger: boolean;
} & (
  | { readonly kind: 'endpoint'; readonly id: EndpointId }
  | { readonly kind: 'connection'; readonly id: ConnectionId }
);

/** The endpoint or the connection, as it is looked at again and again. */
export interface Watch {
  /** @throws ArmError when ARM will not say; what may pass is a value. PosternError when storage will not. */
  look(): Promise<Seen>;
  /** Resolves that many seconds later. */
  sleep(seconds: number): Promise<void>;
}

export type Seen =
  | { readonly kind: 'gone' }
  /** ARM, or storage, asks for patience. */
  | { readonly kind: 'trouble'; readonly problem: string; readonly retryAfterSeconds?: number | undefined }
  | {
      readonly kind: 'seen';
      /** False while Azure still works on it. */
      readonly isSettled: boolean;
      readonly connections: readonly SeenConnection[];
      /** Why holds could not be looked for this time. */
      readonly problem?: string | undefined;
    };

export interface SeenConnection {
  /** The requester's name for it, or the provider's. */
  readonly name: string;
  /** Verbatim; usually Pending, Approved, Rejected or Disconnected. */
  readonly status: string;
  /** What stands beside the status: the request message, with Postern's note behind it. */
  readonly description: string;
  /** Why a person must answer; absent as long as nobody knows that. */
  readonly held?: string | undefined;
}
