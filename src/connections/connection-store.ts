import type { Connection } from './connection';
import type { ConnectionId, TargetId } from './resource-id';

/** The connections of targets in Azure Resource Manager. Every failure is an `ArmError`. */
export interface ConnectionStore {
  /**
   * Lists all connections of a target, from all pages, each id once. `undefined` when the target does not
   * exist.
   */
  list(target: TargetId): Promise<ConnectionListing | undefined>;

  /**
   * Reads one connection; `undefined` when it is gone (404, 204, or the 400 that some providers send
   * instead).
   */
  get(id: ConnectionId): Promise<Connection | undefined>;

  /**
   * Sends one write and returns the first reply; never waits for the operation behind it. `fence` is called
   * right before the request leaves and throws `LEASE_LOST` or `READING_STALE` when it must not. An
   * `ArmError` with code ARM_UNAVAILABLE, ARM_UNREACHABLE or ARM_UNREADABLE leaves the outcome unknown.
   */
  write(write: ConnectionWrite, fence: Fence): Promise<WriteReply>;
}

export interface ConnectionListing {
  readonly connections: readonly Connection[];
  /**
   * Items that could not be understood, or that are listed twice and differ. They can be neither decided nor
   * forgotten.
   */
  readonly malformed: readonly { readonly id: string; readonly problem: string }[];
}

export type WriteEffect = 'approve' | 'reject' | 'delete';

export interface ConnectionWrite {
  readonly connection: Connection;
  readonly effect: WriteEffect;
  /** The new description, the requester's message included. Not used by a delete. */
  readonly description: string;
}

export type WriteReply =
  /** The connection or its target went away before the write. */
  | { readonly kind: 'gone'; readonly httpStatus: number }
  | {
      readonly kind: 'accepted';
      readonly httpStatus: number;
      /** The URL on ARM's own origin where the provider reports on the operation. */
      readonly operationUrl?: string | undefined;
      /** An operation URL off ARM's origin; it is never called, only audited. */
      readonly refusedUrl?: string | undefined;
      readonly retryAfterSeconds?: number | undefined;
      /** What the reply says of the connection. It proves nothing; absent if it says nothing. */
      readonly shows?: Pick<Connection, 'status' | 'provisioningState'> | undefined;
    };

/**
 * The check right before a write leaves. @throws PosternError LEASE_LOST when another holder has the right to
 * write, READING_STALE when the last read of the connection is too old.
 */
export type Fence = () => void;

/** The reports behind operation URLs. Every failure is an `ArmError`. */
export interface OperationReader {
  /**
   * Reads an operation URL with one GET. @throws ArmError ARM_UNTRUSTED_URL for a URL off ARM's origin;
   * nothing is sent.
   */
  read(url: string): Promise<OperationReport>;
}

export interface OperationReport {
  readonly httpStatus: number;
  /** `status` or `properties.provisioningState` of the body, verbatim; absent when the body has neither. */
  readonly status?: string | undefined;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  readonly retryAfterSeconds?: number | undefined;
  /** The URL of the next poll, when the reply names another one on ARM's origin. */
  readonly nextUrl?: string | undefined;
}

/** Facts for policies that a listing of connections does not have. Every failure is an `ArmError`. */
export interface ResourceReader {
  /** Reads the target; `undefined` when it is gone. */
  readTarget(target: TargetId): Promise<TargetDetails | undefined>;
  /** Reads the requester's endpoint; `undefined` when it is gone. */
  readEndpoint(endpointId: string): Promise<EndpointDetails | undefined>;
  /** Reads a virtual network; `undefined` when it is gone. */
  readNetwork(networkId: string): Promise<NetworkDetails | undefined>;
}

export interface TargetDetails {
  /** `properties.provisioningState`, verbatim. */
  readonly provisioningState: string | undefined;
  readonly kind: string | undefined;
  readonly location: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

export interface EndpointDetails {
  readonly location: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly subnetId: string | undefined;
  /**
   * `privateLinkServiceId` of every connection that the endpoint requests, manual ones included, verbatim.
   */
  readonly targetIds: readonly string[];
  /** Those of `targetIds` that stand among the manual connections, which wait for an approval. */
  readonly manualTargetIds?: readonly string[] | undefined;
  /** The GUID that Azure gives to each new endpoint, also to one of a former one's name. */
  readonly resourceGuid?: string | undefined;
}

export interface NetworkDetails {
  /** The ids of the networks that it is connected with, verbatim. A peering that is not Connected is left out. */
  readonly peeredNetworks: readonly string[];
}
