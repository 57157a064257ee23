import type { Connection } from './connection';
import type { ConnectionId, TargetId } from './resource-id';

/** The connections of targets, as Azure Resource Manager keeps them. Every failure is an `ArmError`. */
export interface ConnectionStore {
  /** All connections of a target, all pages, no id twice. `undefined`: the target itself does not exist. */
  list(target: TargetId): Promise<ConnectionListing | undefined>;

  /** One connection; `undefined` when it is gone (404, 204, or the 400 that some providers send instead). */
  get(id: ConnectionId): Promise<Connection | undefined>;

  /**
   * Sends one write and returns the first reply; never waits for the operation behind it.
   * `fence` is asked right before the request leaves and throws `LEASE_LOST` or `READING_STALE` when it must not.
   * An `ArmError` with code ARM_UNAVAILABLE, ARM_UNREACHABLE or ARM_UNREADABLE leaves the outcome unknown.
   */
  write(write: ConnectionWrite, fence: Fence): Promise<WriteReply>;
}

export interface ConnectionListing {
  readonly connections: readonly Connection[];
  /** Items that could not be understood, or that are listed twice and differ: they can be neither decided nor forgotten. */
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
      /** Where the provider reports on the operation: on ARM's own origin, or absent. */
      readonly operationUrl?: string | undefined;
      /** An operation URL off ARM's origin; it is never called, only audited. */
      readonly refusedUrl?: string | undefined;
      readonly retryAfterSeconds?: number | undefined;
    };

/** Throws `PosternError`: LEASE_LOST when the right to write has passed to somebody else, READING_STALE when what it leans on is too old. */
export type Fence = () => void;

/** What an operation URL answered to one GET. Every failure is an `ArmError`. */
export interface OperationReader {
  /** `url` must be on ARM's origin, else ARM_UNTRUSTED_URL and nothing is sent. */
  read(url: string): Promise<OperationReport>;
}

export interface OperationReport {
  readonly httpStatus: number;
  /** `status` or `properties.provisioningState` of the body, verbatim; absent when the body has neither. */
  readonly status?: string | undefined;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  readonly retryAfterSeconds?: number | undefined;
  /** Where to ask next, when the reply names another place on ARM's origin. */
  readonly nextUrl?: string | undefined;
}

/** What policy may want to know and a listing does not tell. Every failure is an `ArmError`. */
export interface ResourceReader {
  /** The target itself; `undefined` when it is gone. */
  readTarget(target: TargetId): Promise<TargetDetails | undefined>;
  /** The requester's endpoint; `undefined` when it is gone. */
  readEndpoint(endpointId: string): Promise<EndpointDetails | undefined>;
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
  /** `privateLinkServiceId` of every connection it asked for, manual ones included, verbatim. */
  readonly targetIds: readonly string[];
}
