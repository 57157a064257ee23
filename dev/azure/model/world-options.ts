export interface WorldOptions {
  /** From the PUT of an endpoint to its connection on the target. */
  readonly registerSeconds: number;
  /** From the PUT of an endpoint to its own `Succeeded`. */
  readonly endpointReadySeconds: number;
  /** From the DELETE of an endpoint to the end of its connection; it is `Disconnected` meanwhile. */
  readonly consumerDeleteSeconds: number;
  /** Whether a `Disconnected` connection stays on the target when its endpoint is deleted. */
  readonly leaveDisconnected: boolean;
  /** How a missing connection of a vault is answered to GET. */
  readonly missingConnectionStatus: 404 | 204;
  /** Whether types that are not known for it let a Rejected connection be approved, too. */
  readonly reviveRejectedEverywhere: boolean;
  /** How many items a page of a subscription's resources has. */
  readonly resourcePageSize: number;
  /** How API Management's operation URL ends an approve or reject. */
  readonly apiManagementPollEnd: 'connection' | 'empty' | 'no-content' | 'status';
}

export const defaultWorldOptions: WorldOptions = {
  registerSeconds: 8,
  endpointReadySeconds: 20,
  consumerDeleteSeconds: 10,
  leaveDisconnected: false,
  missingConnectionStatus: 404,
  reviveRejectedEverywhere: false,
  resourcePageSize: 1000,
  apiManagementPollEnd: 'connection',
};
