import type { JsonObject, LocalResponse } from '../http/message';
import type { Connection, Operation, Target, World } from '../model/world';

/** How one resource provider behaves on the wire. Defaults are what was recorded, not what the swagger says. */
export interface TargetProfile {
  /** In ARM's own spelling, e.g. `Microsoft.KeyVault/managedHSMs`. */
  readonly type: string;
  readonly timings: Timings;
  readonly privateLink: {
    readonly name: string;
    readonly requiredMember: string;
    readonly zone: string;
  };
  /** Headers of every answer that the provider itself gives. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Whether a write is visible at once, as `Updating` with the new status (Key Vault), or hides behind
   * `Succeeded` with the old one until it is done (API Management, disk accesses).
   */
  readonly showsNewStatusAtOnce: boolean;
  readonly hasEtags: boolean;
  /** The order of lists: as made, or the other way round, as API Management was seen to do it. */
  readonly listsNewestFirst: boolean;
  /** Whether a Rejected connection may become Approved: only Key Vault is on record. */
  readonly canReviveRejected: boolean;
  /** Whether asking for the status that is there already is answered with 200 and nothing done. */
  readonly ignoresSameStatus: boolean;
  /** Whether the body of a PUT must carry the connection's `id`. */
  readonly needsBodyId: boolean;
  /** What an automatically approved connection says. */
  readonly autoApprovedDescription: string | undefined;

  /** The name that the provider gives a new connection. */
  nameConnection(request: { targetName: string; connectionName: string; guid: string }): string;
  /** The stored description for one that was sent; `undefined` when none or null was sent. */
  storeDescription(sent: string | undefined): string | undefined;
  connectionBody(connection: Connection): JsonObject;
  listItem(connection: Connection): JsonObject;
  /** The target's own body; `embedded` holds its connections as `listItem` or `connectionBody` shows them. */
  targetBody(target: Target): JsonObject;
  privateLinkBody(target: Target): JsonObject;
  /** The first answer to a PUT that was taken. */
  writeAccepted(context: OperationContext): LocalResponse;
  deleteAccepted(context: OperationContext): LocalResponse;
  /** The answer of the operation URL. */
  poll(context: OperationContext & { readonly options: World['options'] }): LocalResponse;
  error(status: number, code: string, message: string): LocalResponse;
  /** The code and message of the 409 for a second write. */
  conflict(target: Target): { readonly code: string; readonly message: string };
  /** The code and message of the 400 for a change of status that the provider refuses. */
  refusal(connection: Connection, wanted: string): { readonly code: string; readonly message: string };
}

/** In seconds of the local clock. */
export interface Timings {
  readonly approveSeconds: number;
  readonly rejectSeconds: number;
  readonly deleteSeconds: number;
  /** When an approval that hides shows `Updating`; never, when absent. */
  readonly updatingAfterSeconds?: number | undefined;
  /** How long the target refuses writes after its connection has changed. */
  readonly lockSeconds: number;
  /** What `Retry-After` asks for; absent: the header is not sent. */
  readonly retryAfterSeconds?: number | undefined;
}

export interface OperationContext {
  readonly operation: Operation;
  readonly target: Target;
  /** As it is now; absent when it is gone. */
  readonly connection: Connection | undefined;
  /** Where operation URLs point: the origin that the client used. */
  readonly origin: string;
  readonly apiVersion: string;
  /** The present `Retry-After`, in whole real seconds; absent: not sent. */
  readonly retryAfter: string | undefined;
  /** The URL that was polled, its origin included; absent in the first answer. */
  readonly polledUrl?: URL | undefined;
}

export type TimingOverrides = Readonly<Record<string, Partial<Timings>>>;
