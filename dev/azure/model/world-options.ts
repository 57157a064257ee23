export interface WorldOptions {
  /** Time from the PUT of an endpoint until its connection appears on the target. */
  readonly registerSeconds: number;
  /** Time from the PUT of an endpoint to its own `Succeeded`. */
  readonly endpointReadySeconds: number;
  /** Time from the DELETE of an endpoint until its connection is gone; it is `Disconnected` meanwhile. */
  readonly consumerDeleteSeconds: number;
  /** Whether a `Disconnected` connection stays on the target when its endpoint is deleted. */
  readonly leaveDisconnected: boolean;
  /** The status of a GET of a vault's missing connection. */
  readonly missingConnectionStatus: 404 | 204;
  /** Whether all types let a Rejected connection be approved, not only those recorded to do so. */
  readonly reviveRejectedEverywhere: boolean;
  /** The page size of a subscription's resource list. */
  readonly resourcePageSize: number;
  /** How API Management's operation URL reports the end of an approve or reject. */
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
